import type { Texts } from './en.ts';

/** Every text of the console in German. */
export const de: Texts = {
  language: 'Deutsch',
  brand: 'Sluice',
  pages: { review: 'Prüfen', try: 'Ausprobieren', training: 'Trainingsdaten', activity: 'Verlauf' },
  nav: {
    pages: 'Seiten',
    settings: 'Einstellungen und Tasten',
    logOut: 'Abmelden',
    skip: 'Zur Nachricht springen',
  },
  roles: { viewer: 'Leser', moderator: 'Moderator', lead: 'Leitung', admin: 'Admin' },
  logIn: {
    title: 'Anmelden',
    welcome: 'Name und Passwort wählen',
    invited: 'Sie wurden eingeladen. Mit diesem Namen und Passwort melden Sie sich künftig an.',
    name: 'Name',
    password: 'Passwort',
    passwordHint: 'Mindestens 12 Zeichen.',
    submit: 'Anmelden',
    join: 'Beitreten',
    hint: 'Der erste Start von Sluice gibt eine Adresse mit einem Einmal-Token aus. Ein Admin kann Ihnen eine Einladung schicken.',
    refused: 'Name oder Passwort ist falsch. Versuchen Sie es noch einmal.',
    tokenRefused:
      'Das Token dieser Adresse wurde schon benutzt oder ist abgelaufen. Melden Sie sich mit Name und Passwort an, oder bitten Sie einen Admin um eine Einladung.',
    tooMany: 'Zu viele Versuche. Warten Sie eine Minute, und versuchen Sie es dann noch einmal.',
    unreachable:
      'Der Server ist nicht erreichbar. Prüfen Sie, ob Sluice läuft, und versuchen Sie es dann noch einmal.',
    again:
      'Ihre Sitzung ist beendet. Melden Sie sich wieder an: Entscheidungen, die in diesem Browser warten, werden dann gesendet.',
    working: 'Einen Moment…',
  },
  labels: { spam: 'Spam', ham: 'Kein Spam', unsure: 'Unsicher' },
  bands: { spam: 'Spam', ham: 'kein Spam', review: 'prüfen' },
  actions: {
    spam: 'Spam',
    ham: 'Kein Spam',
    unsure: 'Unsicher',
    skip: 'Weiter',
    undo: 'Rückgängig',
    next: 'Nächste Nachricht',
    previous: 'Vorige Nachricht',
    bulk: 'Tabelle oder eine Nachricht',
    select: 'Zeile auswählen',
    campaign: 'Die ganze Kampagne entscheiden',
    search: 'Suchen',
    help: 'Einstellungen und Tasten',
  },
  effects: {
    spam: (count) => (count === 1 ? 'Als Spam markiert' : `${count} Nachrichten als Spam markiert`),
    ham: (count) => (count === 1 ? 'Als kein Spam markiert' : `${count} Nachrichten als kein Spam markiert`),
    unsure: (count) =>
      count === 1
        ? 'Unsicher: jemand anders wird gefragt'
        : `Unsicher bei ${count} Nachrichten: jemand anders wird gefragt`,
    undone: (count) =>
      count === 1
        ? 'Rückgängig: die Nachricht ist wieder offen'
        : `Rückgängig: ${count} Nachrichten sind wieder offen`,
    skipped: () => 'Übersprungen: nichts wurde entschieden',
    'nothing-to-undo': () => 'Es gibt nichts rückgängig zu machen',
    'lease-ended': (count) =>
      `${count} Nachrichten gingen an die anderen, da diese Seite über eine Minute weg war. Nichts wurde entschieden.`,
  },
  sending: {
    label: 'Letzte Handlung',
    waits: (count) => `${count} noch nicht gesendet`,
    saved: 'gespeichert',
    stored:
      'Der Server nimmt gerade keine Entscheidungen an. Sie warten in diesem Browser, auch wenn die Seite neu geladen wird, und werden gesendet, sobald er wieder antwortet.',
    notStored:
      'Der Server nimmt gerade keine Entscheidungen an, und dieser Browser speichert nichts: lassen Sie die Seite offen, bis sie gesendet sind.',
    retry: 'Jetzt versuchen',
  },
  refused: {
    title: 'Nicht gezählt',
    dismiss: 'Schließen',
    undo: 'Das Rückgängigmachen',
    reasons: {
      'already-decided': 'jemand hatte diese Nachricht schon entschieden. Ihre Antwort hat nichts geändert.',
      'lease-held': 'jemand anders hat diese Nachricht jetzt. Ihre Antwort hat nichts geändert.',
      'lease-expired':
        'die Nachricht ging an die anderen, bevor Ihre Antwort ankam. Ihre Antwort hat nichts geändert.',
      erased: 'die Nachricht wurde gelöscht. Es gibt nichts mehr zu entscheiden.',
      stale:
        'die Nachricht wurde geändert, nachdem Sie sie gelesen hatten. Sie ist mit ihrem neuen Text wieder in der Warteschlange.',
      'undo-refused':
        'das geht nicht mehr: jemand hat seitdem entschieden, oder Sie haben seitdem 50 Entscheidungen getroffen. Die Leitung kann sie ersetzen.',
      forbidden: 'Ihre Rolle erlaubt das nicht. Fragen Sie die Leitung.',
      'key-reused':
        'der Server hat eine andere Anfrage unter demselben Schlüssel. Entscheiden Sie die Nachricht noch einmal.',
      other: 'der Server hat sie nicht angenommen:',
    },
  },
  message: {
    label: 'Nachricht',
    from: 'von',
    nobody: 'unbekanntem Absender',
    community: 'Community',
    model: 'Modell',
    whyHere: {
      deobfuscationLimit: 'Hier, weil nicht alles Verschleierte gelesen werden konnte.',
      truncated: 'Hier, weil sie zu lang ist, um bis zum Ende gelesen zu werden.',
      audit: 'Hier als Stichprobe: das Modell war sich sicher, und ein Mensch prüft es.',
      unscorable: 'Hier, weil das Modell sie nicht bewerten konnte.',
      report: 'Hier, weil ein Nutzer sie gemeldet hat.',
    },
    lease: (time) => `Ihre für ${time}`,
    notLeased: 'nicht für Sie reserviert',
    decided: (label, by) => `entschieden: ${label}, von ${by}`,
    unsure: (count) => (count === 1 ? '1 Person war unsicher' : `${count} Personen waren unsicher`),
    more: (rest) => `Mehr zeigen (${rest} Zeichen sind eingeklappt)`,
    less: 'Einklappen',
    empty: 'Die Nachricht hat keinen Text.',
    position: (at, count) => `${at} von ${count} geladenen`,
    erased: 'Der Text wurde gelöscht.',
  },
  campaign: {
    title: 'Dieselbe Kampagne',
    messages: (count) => (count === 1 ? 'Nachricht' : 'Nachrichten'),
    senders: () => 'Absender',
    withoutSender: (count) => `${count} ohne Absender`,
    scores: (low, high) =>
      low === high ? `Wahrscheinlichkeit ${low}` : `Wahrscheinlichkeit ${low} bis ${high}`,
    decided: { spam: 'entschieden als Spam von', ham: 'entschieden als kein Spam von' },
    decideAll: 'Entscheiden',
    preview: 'Die ganze Kampagne entscheiden',
    hint: 'Diese Nachrichten sind am ehesten etwas anderes. Lassen Sie aus, was nicht dazugehört: es bleibt in der Liste.',
    foreignWords: (count) =>
      count === 1
        ? '1 Wort, das die anderen nicht haben'
        : `${count} Wörter am Stück, die die anderen nicht haben`,
    because: {
      least_like: 'den anderen am wenigsten ähnlich',
      lowest_probability: 'niedrigste Wahrscheinlichkeit',
      newest: 'neueste',
    },
    score: (probability) => `Wahrscheinlichkeit ${probability}`,
    exclude: 'Auslassen',
    excluded: (count) => `${count} ausgelassen`,
    willBeDecided: (count, text) =>
      count === 1 ? '1 Nachricht wird entschieden' : `${text} Nachrichten werden entschieden`,
    cancel: 'Abbrechen',
    loading: 'Die Kampagne wird geladen…',
    sending: 'Die Entscheidung wird getroffen…',
    reload: 'Neu laden',
    notLoaded: 'Die Kampagne konnte nicht geladen werden. Nichts wurde entschieden.',
    problems: {
      'already-decided':
        'Nichts wurde geändert: es ist keine Nachricht übrig, die Sie entscheiden können. Andere haben sie inzwischen entschieden.',
      'lease-held':
        'Nichts wurde geändert: andere haben alle diese Nachrichten gerade. Versuchen Sie es in einer Minute noch einmal.',
      'lease-expired':
        'Nichts wurde geändert: die Nachrichten wurden anderen gegeben. Laden Sie die Kampagne neu.',
      erased: 'Nichts wurde geändert: Nachrichten der Kampagne wurden gelöscht. Laden Sie sie neu.',
      stale:
        'Nichts wurde geändert: Nachrichten wurden bearbeitet, nachdem Sie sie gelesen hatten. Laden Sie die Kampagne neu.',
      'not-found': 'Nichts wurde geändert: die Kampagne ist Teil einer anderen geworden. Laden Sie sie neu.',
      forbidden: 'Nichts wurde geändert: Ihre Rolle erlaubt das nicht. Fragen Sie einen Lead.',
      unauthorized:
        'Nichts wurde geändert: Ihre Sitzung war beendet. Entscheiden Sie noch einmal; Ihre Auswahl ist noch da.',
      csrf: 'Nichts wurde geändert: Ihre Sitzung ist inzwischen eine andere. Entscheiden Sie noch einmal; Ihre Auswahl ist noch da.',
      'earlier-wait':
        'Nichts wurde geändert: frühere Entscheidungen von Ihnen sind noch nicht gesendet und gehen vor. Entscheiden Sie gleich noch einmal.',
      unreachable:
        'Der Server konnte die Entscheidung nicht bestätigen. Antworten Sie noch einmal dasselbe: sie wird nur einmal getroffen. Ihre Auswahl ist noch da.',
      other: 'Nichts wurde geändert. Der Server hat es nicht angenommen:',
    },
  },
  reread: {
    title: 'Entschleiert',
    as: 'gelesen als',
    more: (count) => `und ${count} weitere`,
    cut: 'Das Ende der Nachricht wurde nicht gelesen: sie ist zu lang.',
    kinds: {
      invisible: 'verborgene Zeichen',
      control: 'Steuerzeichen',
      marks: 'zusätzliche Zeichen über Buchstaben',
      filling: 'Füllzeichen',
      styled: 'verzierte Buchstaben',
      'look-alike': 'ähnlich aussehende Zeichen',
      spaced: 'gesperrte Buchstaben',
      dotted: 'Punkte zwischen Buchstaben',
      leet: 'Ziffern statt Buchstaben',
      'hidden-link': 'versteckter Link',
      escaped: 'kodierte Zeichen',
      markup: 'Auszeichnung',
      reversed: 'rückwärts',
      parted: 'zerteilte Wörter',
      respelled: 'andere Schreibung',
      joined: 'verbundene Wörter',
    },
  },
  score: {
    label: 'Wert',
    between: (probability, low, high, band) =>
      `Wahrscheinlichkeit für Spam ${probability}, ${band}; kein Spam unter ${low}, Spam ab ${high}`,
    none: 'Das Modell konnte diese Nachricht nicht bewerten.',
    onArrival: (probability) => `war ${probability}, als sie kam`,
    baseModels: 'Basismodelle',
    notScored: 'nicht gelaufen',
    names: {
      'naive-bayes': 'Naive Bayes',
      'linear-svm': 'lineare SVM',
      perceptron: 'Perzeptron',
      'passive-aggressive': 'Passive-Aggressive',
      network: 'Netz',
      'logistic-regression': 'logistische Regression',
      'boosted-trees': 'Boosted Trees',
      'random-forest': 'Random Forest',
    },
  },
  why: {
    title: 'Warum dieser Wert',
    hint: 'Beitrag zu den Log-Odds: rechts und + in Richtung Spam, links und − dagegen.',
    rest: 'alles andere',
    prior: 'bevor etwas gelesen ist',
    loading: 'Gründe werden berechnet…',
    failed: 'Gründe gibt es gerade nicht. Die Nachricht lässt sich auch ohne sie entscheiden.',
    retry: 'Noch einmal',
    towardsSpam: 'in Richtung Spam',
    towardsHam: 'gegen Spam',
    features: {
      obfuscation: (kind) => `Verschleierung: ${kind}`,
      shape: (name) => `Form: ${name}`,
      link: (name) => `Link: ${name}`,
    },
    adjustments: {
      'adjust:trust': 'wenige bekannte Wörter',
      'adjust:part': 'ein Teil der Nachricht entscheidet',
      'adjust:bias': 'Einstellung der Community',
      'adjust:limit': 'Grenze für solche Nachrichten',
      'adjust:unknown': 'kein bekanntes Wort',
    },
  },
  progress: {
    label: 'Fortschritt',
    today: 'heute',
    perHour: 'pro Stunde',
    left: 'übrig',
    about: (amount) => `etwa ${amount}`,
    undoable: (count) => `${count} rückgängig zu machen`,
  },
  amounts: {
    second: (count) => `${count} s`,
    minute: (count) => `${count} min`,
    hour: (count) => `${count} h`,
    day: (count) => `${count} Tage`,
    ago: (amount) => `vor ${amount}`,
    now: 'gerade eben',
  },
  filters: {
    label: 'Filter',
    search: 'Text der Nachrichten durchsuchen',
    view: 'Ansicht',
    one: 'Eine Nachricht',
    table: 'Tabelle',
    order: 'Reihenfolge',
    orders: {
      uncertainty: 'Unsicherheit',
      age: 'Älteste zuerst',
      audit: 'Stichprobe zuerst',
      campaign: 'Kampagnen, größte zuerst',
    },
    state: 'Zustand',
    states: { open: 'Offen', leased: 'Bei jemandem', labelled: 'Entschieden', erased: 'Gelöscht' },
    fields: {
      q: 'Text',
      community: 'Community',
      sender: 'Absender',
      model: 'Modell',
      origin: 'Grund',
      min: 'Kleinster Wert',
      max: 'Größter Wert',
      from: 'Seit',
      to: 'Bis',
    },
    any: 'alle',
    more: 'Filter',
    origins: {
      band: 'Zwischen den Schwellen',
      audit: 'Stichprobe',
      unscorable: 'Nicht bewertet',
      report: 'Gemeldet',
    },
    clear: 'Filter entfernen',
    remove: (name) => `Filter ${name} entfernen`,
  },
  table: {
    label: 'Nachrichten der Warteschlange',
    select: 'Auswählen',
    selectAll: 'Alle auf dieser Seite auswählen',
    message: 'Nachricht',
    sender: 'Absender',
    community: 'Community',
    score: 'Wert',
    age: 'Alter',
    decision: 'Entscheidung',
    open: 'Öffnen',
    selected: (count) => `${count} ausgewählt`,
    none: 'Nichts ausgewählt: die Tasten entscheiden die Zeile im Fokus',
    more: 'Mehr laden',
  },
  states: {
    loading: 'Die Warteschlange wird geladen…',
    empty: 'Die Warteschlange ist leer',
    emptyHint:
      'Nachrichten mit einem Wert zwischen den Schwellen erscheinen hier von selbst. Diese Seite fragt alle 15 Sekunden nach.',
    filtered: 'Keine Nachricht passt zu den Filtern',
    filteredHint: 'Entfernen Sie einen Filter, oder warten Sie: die Seite fragt alle 15 Sekunden nach.',
    skippedHint: (count) => `Sie haben ${count} Nachrichten übersprungen; nur diese sind für Sie noch übrig.`,
    showSkipped: 'Übersprungene wieder zeigen',
    failed: 'Die Warteschlange konnte nicht geladen werden',
    failedHint:
      'Nichts wurde entschieden, und wartende Entscheidungen bleiben erhalten. Prüfen Sie, ob der Server läuft, und versuchen Sie es dann noch einmal.',
    retry: 'Noch einmal',
    notFound: 'Diese Seite gibt es nicht',
    pageNotLoaded: 'Die Seite konnte nicht geladen werden',
    pageNotLoadedHint:
      'Prüfe, ob Sluice läuft. Wurde es aktualisiert, seit du die Konsole geöffnet hast, lade die Seite neu.',
    toReview: 'Zur Warteschlange',
    viewer: 'Ihre Rolle kann die Warteschlange lesen, aber nicht entscheiden.',
  },
  settings: {
    title: 'Einstellungen und Tasten',
    close: 'Schließen',
    theme: 'Farben',
    themes: { system: 'Wie das System', light: 'Hell', dark: 'Dunkel' },
    density: 'Abstände',
    densities: { comfortable: 'Bequem', compact: 'Eng' },
    language: 'Sprache',
    keys: 'Tasten',
    keysOn: 'Einzelne Buchstaben sind Tasten',
    keysHint:
      'Tasten tun nichts, während Sie in ein Feld schreiben. Rückschritt macht rückgängig, die Pfeile nach oben und unten bewegen; diese bleiben an.',
    change: (action, key) => `${action}: Taste ${key}. Ändern`,
    press: 'Neue Taste drücken',
    taken: 'Diese Taste ist vergeben. Drücken Sie eine andere.',
    notOne: 'Drücken Sie einen Buchstaben, eine Ziffer oder ein Zeichen.',
    reset: 'Tasten wie am Anfang',
    password: 'Ihr Passwort',
    passwordHint:
      'Mit Ihrem Namen und diesem Passwort melden Sie sich an, wenn die Sitzung beendet ist. Mindestens 12 Zeichen; Ihre anderen Sitzungen enden.',
    current: 'Bisheriges Passwort, falls es eines gibt',
    fresh: 'Neues Passwort',
    save: 'Passwort setzen',
    saved: 'Das Passwort ist gesetzt.',
  },
  try: {
    title: 'Eine Nachricht ausprobieren',
    hint: 'Das aktive Modell bewertet den Text. Nichts wird gespeichert.',
    text: 'Text der Nachricht',
    community: 'Community',
    submit: 'Bewerten',
    empty:
      'Fügen Sie eine Nachricht ein, oder schreiben Sie eine, und bewerten Sie sie: Urteil und Gründe erscheinen hier.',
    verdict: 'Urteil',
    model: 'Modell',
    features: 'Stärkste Merkmale',
    failed: 'Die Nachricht konnte nicht bewertet werden',
    failedHint: 'Nichts wurde gespeichert. Versuchen Sie es gleich noch einmal.',
    noFeatures: 'Das Modell kennt nichts in diesem Text.',
  },
  activity: {
    title: 'Verlauf',
    hint: 'Wer was getan hat, Neuestes zuerst. Einträge werden nie geändert.',
    when: 'Wann',
    who: 'Wer',
    what: 'Was',
    before: 'Vorher',
    after: 'Nachher',
    fields: { who: 'Wer', what: 'Was', from: 'Seit', to: 'Bis' },
    filtered: 'Kein Eintrag passt zu den Filtern. Entferne einen davon.',
    more: 'Ältere Einträge laden',
    export: 'Alles als JSON Lines sichern',
    empty:
      'Noch wurde nichts getan. Jede Entscheidung, jedes Rückgängigmachen und jede Änderung eines Kontos erscheint hier.',
    failed: 'Der Verlauf konnte nicht geladen werden',
    failedHint:
      'Versuchen Sie es noch einmal; bleibt es so, erlaubt Ihre Rolle es vielleicht nicht: Leitung und Admins sehen diese Seite.',
    loading: 'Einträge werden geladen…',
  },
  training: {
    label: 'Trainingsdaten',
    fields: {
      q: 'Text',
      class: 'Label',
      source: 'Quelle',
      labelled_by: 'Label von',
      community: 'Community',
      from: 'Label seit',
      to: 'Label bis',
    },
    found: (count, text) => (count === 1 ? '1 Nachricht' : `${text} Nachrichten`),
    foundMore: (text) => `mehr als ${text} Nachrichten`,
    text: 'Ganzer Text',
    review: 'Die Zeile der Prüfung zeigen',
    decision: 'Die Entscheidung im Verlauf zeigen',
    row: (id) => `Zeile ${id}`,
    group: (name) => `Gruppe fast gleicher Nachrichten ${name}`,
    decisionNumber: (id) => `Entscheidung ${id}`,
    selected: (count) => `${count} ausgewählt`,
    none: 'Nichts ausgewählt: die Tasten ändern die Zeile im Fokus',
    sending: 'Die Labels werden geändert…',
    effects: {
      spam: (count) =>
        count === 1 ? 'Das Label ist jetzt Spam' : `${count} Nachrichten haben jetzt das Label Spam`,
      ham: (count) =>
        count === 1
          ? 'Das Label ist jetzt kein Spam'
          : `${count} Nachrichten haben jetzt das Label kein Spam`,
      undone: (count) =>
        count === 1
          ? 'Rückgängig: die Nachricht hat ihr früheres Label'
          : `Rückgängig: ${count} Nachrichten haben ihre früheren Labels`,
      unchanged: (count) =>
        count === 1
          ? 'Die Nachricht hat dieses Label schon'
          : 'Alle diese Nachrichten haben dieses Label schon',
      'nothing-to-undo': () => 'Es gibt nichts rückgängig zu machen',
      'too-many': (most) => `Nicht gemacht: höchstens ${most} Nachrichten gehen auf einmal`,
    },
    question: (count, label) => `${count} Nachrichten das Label „${label}“ geben?`,
    questionHint:
      'Es ist eine Entscheidung mit einem Eintrag im Verlauf, und einmal Rückgängig nimmt alles zurück.',
    confirm: (count) => `${count} Nachrichten ändern`,
    refused: 'Nichts wurde geändert',
    problems: {
      unreachable:
        'der Server konnte es nicht bestätigen. Mach dasselbe noch einmal, wenn er antwortet: es geschieht nur einmal, und deine Auswahl ist noch da.',
      unauthorized: 'deine Sitzung ist beendet. Lade die Seite neu, melde dich an, und mach es noch einmal.',
      csrf: 'deine Sitzung ist inzwischen eine andere. Mach es noch einmal; deine Auswahl ist noch da.',
      'not-found':
        'einige dieser Nachrichten gibt es nicht mehr: sie wurden gelöscht, oder ihre Entscheidungen wurden zurückgenommen. Lade die Seite neu.',
      erased: 'die Nachrichten wurden inzwischen gelöscht.',
      'undo-refused': 'das geht nicht mehr: alle diese Nachrichten wurden inzwischen wieder geändert.',
      forbidden: 'deine Rolle erlaubt das nicht. Frage einen Admin.',
      'lease-held':
        'jemand anders hat eine dieser Nachrichten gerade in der Prüfung. Versuche es in einer Minute noch einmal.',
      other: 'der Server hat es nicht angenommen:',
    },
    loading: 'Die Trainingsdaten werden geladen…',
    empty: 'Es gibt noch keine Trainingsdaten',
    emptyHint: 'Jede Nachricht, die in der Prüfung entschieden wird, erscheint hier.',
    filtered: 'Keine Nachricht passt zu den Filtern',
    filteredHint: 'Entferne einen Filter, oder suche nach weniger Wörtern.',
    notYet: 'Unter den neuesten Nachrichten ist nichts',
    notYetHint: 'Ältere wurden noch nicht durchsucht.',
    further: 'Ältere durchsuchen',
    failed: 'Die Trainingsdaten konnten nicht geladen werden',
    failedHint:
      'Nichts wurde geändert. Prüfe, ob der Server läuft, und versuche es dann noch einmal. Leitung und Admins sehen diese Seite.',
  },
};
