/**
 * Words of German that are common in messages, spam or not. Counted in the training parts of the data that models are trained on,
 * and added to by hand.
 */
export const germanWords = `
ab abend aber abgefuckte abgefuckten abgelehnt abgeordneten abgeschoben abgesehen abholen abholung abnehmen
abnehmtabletten abonniere abschaffung abschaum abschieben absolut abstellen achtung adde afghanistan afrika afrikaner
agenda ahnung akten aktien aktion aktualisieren aktuell alle allein alleine allem allen aller allerdings alles alt
alte alten alter alternative altes altparteien amis analphabeten analyse andere anderen anderer anderes andermal
anders andrea anfang anfangen anfrage angaben angeblich angebot angebote angekommen angerufen angewiesen angst anja
anlass anmelden anmeldung anne annehmen anrufen anschauen anscheinend anschlag anschläge ansonsten anspruch anstand
anstatt anti antisemiten antisemitische antisemitismus antrag anträge antwort antworten anzeige anzurufen arabien
arabisch arbeit arbeiten arbeitet argumente arme armes armut arsch arschloch artikel arzt asiaten asyl asylanten
asylantenpack atheisten auch auf aufgeben aufgenommen aufgrund aufnehmen aufrufe aufs aufstehen auftrag augen aus
ausgerechnet ausgewählt ausland ausländer aussage aussagen ausschließlich aussehen ausweisen auswärtige auswärtigen
auszahlung auto autos außer außerdem bachelorarbeit backe bahn bahnhof bald bargeld basel basis bauen bayern beamte
beantworten beck bedeutet bedford beenden beendet beginnt begleichen begreifen begriff behalten behandelt behaupten
behauptet behörden bei beide beiden beides beim beispiel bekannt bekommen bekommst bekommt bekämpfen belegen belegt
beleidigt belästigung benzin beobachtet bereich bereit bereits bereuen bergen bericht berichten berichtet berlin
berliner bernd beschlossen beschäftigt besonders besser beste besteht bestell bestellen besten bestimmt bestimmte
bestpreis bestraft bestätigen bestätigung besuch besuche besuchen betrifft betroffenen betrug bett bevor bevölkerung
bewerbung bewusst bewährung bezahlen bezahlt bezeichnen bezeichnet beziehungen bezug bibel bieten bild bilder bildung
billig billiger bis bisher bislang bisschen bist bitte bleibe bleiben bleibt blick blockieren bloß blöd blöde blödsinn
bohrmaschine bonn botschaft botschaften brandenburger brauch brauchen braucht bremen brettspiel brief bringen bringt
brot brüssel buch bund bundesparteitag bundespolizei bundesregierung bundestag bundestagswahl burka böse bücherei
bürger bürgermeister büro carla chaos chaoten charakter chatten chebli chef chefin china christen christentum
christliche da dabei dach dachte dadurch dafür dagegen daher dahinter damals damit danach dank danke dann daran darauf
darf darfst darin darlehen darum darüber das dass daten dauert daumen davon davongejagt davor dazu debatte definition
definitiv dein deine deinem deinen deiner dem demo demokratie demonstranten den denen denke denken denkt denn dennoch
denunzianten deppen der deren derjenige des deshalb dessen deswegen deutlich deutsch deutsche deutschen deutscher
deutsches deutschfeindliche deutschfeindlichen deutschland deutschlands dich dicke diejenigen dienst dienstag dies
diese diesem diesen dieser dieses dieter differenzieren diktatur dinge dir direkt diskret diskriminierung diskussion
diskutiere diskutieren diskutiert doch donald donnerstag doof dorf dort dorthin dran drauf dreck dreckigen drei
dresden drin dringend drogen droht drum drücken du dumm dumme dummen dummes dummheit dummköpfe durch durchaus dänemark
dürfen dürfte eben ebenfalls ebenso echt echte ecke egal eher ehrlich ehrlichen eier eigene eigenen eigenes eigentlich
eigentlichen eile ein eindeutig eine einem einen einer eines einfach eingeben eingeschlafen eingeschränkt einig einige
einigen einkaufen einkommen einmal einreise eins einsame einsatz einst eintragen eintritt einwanderung einzahlung
einzige einzigen eis eiskalt ekelhaft elfmeter eliten eltern emine ende endet endlich entgegen entscheiden entscheidet
entscheidung entschieden entschuldigen entschuldigung entsorgt entspricht enttäuscht entweder entwicklung entwurf er
erfahren erfahrung erfahrungen erfolg ergebnis erhalten erinnern erinnert erkannt erkennen erkennt erklären erklärt
erklärung erlaubt erleben erlebt ermordet ernst erreichen erreicht erst erste ersten erster erstmal ertragen erwarten
erwartet erwähnt erzähl erzählen erzählt es essen etwa etwas euch euer eure euren eurer europa europas europäer
europäischen ewig existiert exklusiv experten extrem fahren fahrkarte fahrrad fake fakt fakten fall fallen falls
falsch falsche falschen familie familien familiennachzug fangt faschismus fasse fehlen fehler fehlt feier feiern
feiert feiertage feige fein feind feinde feminismus feministen fenster ferien fernsehen fertig fest festgehalten fette
fettigen fieber finde finden findet firma flaschen fliehen flucht flüchtling flüchtlinge flüchtlingen folgen folgt
follower fordern fordert formular foto fotos frag frage fragen fragt frank frankfurt frankreich französische frau
frauen frei freie freien freiheit freispiele freitag freiwillig fremden fresse fressen freu freude freue freuen freund
freunde freundin freundlichen freut frieden frisst froh fröhlicher früh früher funktioniert fußball fällt fördern
fühlen führen führt führung für fürs ganz ganze ganzen ganzes gar garantiert garnicht garten gauck gebe geben
geblieben geboren gebracht gebraucht gebt geburtstag gebühr gebühren gedanken gedenken gedrückt geduld geehrte
geehrter gefahr gefallen gefeiert geflüchtete gefragt gefunden gefährlich gefällt gegeben gegen gegenteil gegenüber
gegner gehabt gehe geheime gehen gehirn geht gehts gehören gehört geil geile geist geklärt gekommen gekostet geld
gelder gelernt gelesen gelten gelöscht gemacht gemeinsam gemeint gemeldet gemerkt genau genauso gender generell
genießen genommen genug gerade gerechtigkeit geregnet gericht gern gerne gesa gesagt gesamte geschafft geschehen
geschichte geschieht geschlafen geschlecht geschlechter geschlossen geschneit geschrei geschrieben gesehen
gesellschaft gesetz gesetze gesetzgeber gesetzt gesicht gesperrt gespielt gespräch gestalten gestapo gestellt gestern
getan getrennt gewalt gewesen gewinn gewinne gewinnen gewinner gewinns gewinnspiel gewissen gewollt gewonnen geworden
gewählt gezeigt gezwungen geöffnet gib gibt gibts gilt ging gitarre glaub glaube glauben glaubt gleich gleiche
gleichen gleichzeitig glück glückwunsch gnade gott gottes grab grad gratis grenze grenzen griechen groko groß
großartig große großen großer großes großvater grund grunde grundgesetz grundsätzlich gruppe gruß größer größte
größten grün gründe gründen grüne grünen grüner grüße grüßen gucken gut gutachten gute guten guter gutes guthaben
gutmenschen gutschein gutscheine gäbe günstig haaren hab habe haben habt hafen hahaha halbzeit hallo hals halt halte
halten haltung hamburg handeln handelt handle handwerker handy hannes hart hass hassen hast hatte hatten haufen
hauptfigur hauptsache hauptstadt hauptsächlich haus hausarbeit hause haut heil heiligen heim heimarbeit heimat heizung
heiße heißen heißt helfen helfer helmut heraus herkunft herr herrn herrscht herz herzen herzlich herzlichen hessen
hetero hetze hetzen hetzer hetzt heuchler heut heute heutigen hier hieß hihi hilfe hilft hillary hinter hinterließ
hinweis hirn hoch hoffe hoffen hoffentlich hoffnung hohe holen hose hund hunde hurensohn hälfte hält händen hängen
hängt hätte hätten häufig hölle höre hören hörst hört hübscher ich idee ideen ideologie idiot idioten ignorieren
ignoriert ihm ihn ihnen ihr ihre ihrem ihren ihrer ihres ilka illegal illegale im immer immerhin indem informationen
informieren infos inhalte inkasso innen innerhalb ins insbesondere integration integrieren intelligenz interessant
interesse interessieren interessiert internationalen invasoren investiere investieren investition inzwischen iran
irgendetwas irgendwann irgendwas irgendwie irren irrsinn islam islamische islamischen islamisierung islamisten israel
israelische israels ist italien ja jahr jahre jahren jahres jamaika jede jedem jeden jedenfalls jeder jederzeit jedes
jedoch jemand jemanden jena jetzt journalismus journalisten juden jugend jung junge jungen jungs jusos justiz jörg
jüdische kaffee kahane kam kamen kamera kameraden kampf kann kannst kanzler kanzlerin kaputt kardinal karte karten
kassel katastrophe katrin katze katzen kauf kaufen kaum kein keine keinem keinen keiner keinerlei keller kenne kennen
kennenlernen kennt kern kinder kinderkleidung kindern kino kirche kirchen klagen klappt klar klare klasse kleidung
klein kleine kleinen kleiner klick klicke klicken klima klingelton knast koalition koche kochen kochst kohl komm
kommen kommentare kommt kommunisten komplett komplizierter konkret konnte konnten konsorten kontakt kontakte kontext
konto kontrolle konzert kopf kopftuch koran korrekt korrigiert kosten kostenlos kostet kotzen kraft krank kredit
kredite krieg kriege kriegen kriegt kriminalität kriminelle kriminellen kritik kritisch kritisieren kritisiert krypto
kuchen kultur kunde kunden kundgebung kundin kurs käme kämpfen kämpft köln können könnt könnte könnten könntet kümmern
lachen lacht ladekabel laden lage lager lampe lande landes lang lange langsam langweilig lass lassen lasst laufen laut
lauter leben lebt lediglich legen legitim legt lehrer lehrerin leicht leid leider leidtun leisten lernen lese lesen
letzte letzten letzter letztes leute leuten licht lieb liebe lieben lieber liebsten liebt lief liefern lieferung
liegen liegt lies liest linie linke linken linker linksgrün linksgrüne linz liste lobby lohnt los losgefahren lukas
lustig luther lächerlich länder ländern länger längst lässt läufst läuft läßt lösch lösung lüge lügen lügenpresse mach
mache machen machst macht mafia magst mahnung maischberger mal mama manche manchmal manila mann mannschaft maria markt
marx massen maul mechaniker meckert mecklenburger medien mehr mehrere mehrheit meike mein meine meinem meinen meiner
meinst meint meinung meinungsfreiheit meist meisten meistens melde melden meldungen menge mensch menschen
menschenverachtung merken merkt methode mich miete migranten milliarden millionen minderheit minderheiten mindestens
minister minuten mir mist mit mitbewohnern mitbringen miteinander mitglied mitglieder mitreden mitte mitteln
mittlerweile mittwoch mixer moderatorin mohammed moin monat monaten montag mord morgen moscheen moslem moslems motto
multikulti mund murksel musik muslime muslimen muslimische muslimischen muss musst musste mutter mutti mädchen mädels
männer männern möchte möge mögen möglich möglichkeit mörder müll münchen müssen müsst müsste müssten nach nachbarin
nachbarn nachdenken nachher nachmittag nachricht nachrichten nacht nackt nadine nafris nah nahe nahles namen nase
natur natürlich nazi nazis neben nebenjob nehme nehmen nein nenne nennen nennt nett netz neu neue neuen neuer neues
neulich neutral neuwahlen nicht nichts nie niemals niemand niemanden nimm nimmt nirgends niveau noch nochmal notfall
notwendig null nummer nun nur nutzen nutzt nächste nächsten nächstes nähe nämlich nötig nützt ob oben obergrenze
obwohl oder offen offenbar offensichtlich oft ohne onkel opfer opfern opposition ordnung organisation ort osten
ostküste ostsee paar pack paddelboot paket pakete palästina palästinenser papa papst parlament partei parteien
parteitag passen passieren passiert passives passt passwort patriotismus peinlich permanent personen persönlich
persönliche pervers petra pfannkuchen pfarrer pfeife pferd pfui piepser pillen platz plätze polen politik politiker
politikern politisch politische politischen polizei polizisten position posten potenz potenzmittel praxis predigt
preis preise presse pride probleme profil propaganda propheten prozent präsident prüfen prüfung pulli punkt punkte
pädophile quatsch rabatt rache radikal radikalen rainer ralf rappe rassismus rassist rassisten rassistische rat raum
raus reaktion realität rechnung recht rechte rechten rechter rechtlichen rechts rechtsstaat rede reden redet refugees
regeln regen regieren regiert regierung regime registrieren reich reicht reichtum rein reine reise religion religionen
religiöse religiösen rente rentner repariert republik respekt retten rezept rezepte richtig richtige richtigen
richtung risiko ritter rolle rot rote roten ruf rufe rufen ruhe ruhig runde runter russischen russland rückgrat
rücksicht rückzahlung sabine sache sachen sag sage sagen sagst sagt sagte salafisten salate sammeln samstag satz saudi
schade schaden schaffe schaffen schafft schallplatte schande schatz schau schauen schauspieler schaut scheinbar
scheint scheiss scheisse scheiß scheiße schergen schick schicke schicken schickt schiedsrichter schießen schirm schlaf
schlagen schland schlecht schlechte schlechten schlechter schließen schließlich schließt schlimm schlimmer schlimmes
schlimmsten schluss schmarotzer schmoddrigen schnell schnelle schon schonen schreib schreibe schreiben schreibst
schreibt schufa schulabschluss schuld schulden schule schulen schutz schwachsinn schwarz schwarze schwarzen schweigen
schwein schweine schweiz schwer schwester schwiegereltern schwul schwule schwulen schäme schämen schäuble schön schöne
schönen schöner schönes schützen schützt seele sehe sehen sehr seht sei seid sein seine seinem seinen seiner seines
seit seite selber selbst selbstverständlich seltsam sende sender sendung september serie servus setzen setzt sexuelle
sich sicher sichere sicherheit sicherlich sichern sicht sie siehe siehst sieht sind sinn sitzen sitzengeblieben sitzt
sklaven sofort sogar sogenannte sogenannten sohn solange solch solche solchen soldaten solidarität soll sollen sollte
sollten sommer sondern sondierungen sonntag sonst sorgen sorgt soviel soviele sowas soweit sowie sowieso sozi soziale
sozis spanien spannend sparkasse spazieren spaß spenden spiel spielautomaten spiele spielen spielt spinnt sportwetten
sprache spreche sprechen spricht spät später spätestens staat staaten staatsbürger staatsbürgerschaft stadt stark
stasi statt stattfindet stau stecken steckt stehe stehen steht stelle stellen stellt sterben steuern steuerzahler
stiftung stimme stimmen stimmt stolz strafe straftaten straße streik strohm strom strunzdumm studie studies stunde
stunden sturm ständig stärker stück suche suchen suppe syrien sämtliche süßer tag tage tagen tages tanzt taschen tat
tatort tatsache tatsächlich taugt tausend tausende teil teile teilen teilnahme teilnehmen teilt teilweise telefon
telefonnummer termin terror terroristen testkäufer teufel thema themen tief tier tierarzt tiere timo tipps tochter tod
todesstrafe toleranz toll tolle tollen tolles tor tot tote toten traden tragen trainer traum traurig treffen treue
trifft tritt trotz trotzdem tun turnier tut tweet tweets twitter typisch täglich täter tätern töten tür türkei türken
türkische türkischen uhr um umzug unabhängig unbedingt und unfassbar unfähig unfähigkeit ungarn union unmöglich
unrecht uns unser unsere unserem unseren unserer unseres unsinn unter untergang unterlagen unternehmen unterschied
unterstellen unterstützen unterstützt unterstützung urlaub vasall vasallen vater veranstaltung verantwortlich
verantwortung verbieten verblödet verboten verbrechen verbrecher verbreitet verdiene verdienen verdienst verdient
verdopple verdreifache verein vereinigten verfahren verfolgt vergangenen vergangenheit vergeben vergessen
vergewaltigung verhalten verhandlungen verhindern verhindert verkaufe verkaufen verkauft verlassen verletzt verletzten
verliebt verlieren verlierer verlogene verlogenen verloren verlosung vermiete vermutlich vernichtung vernunft verraten
verrecken verräter versager verschenke verschwinden verspätung verstand verstanden verstehe verstehen versteht
verstorbener verständnis versuch versuchen versucht verteidigen verteilen vertrauen vertreten vertreter vertritt
verursacht verurteilt verwöhnen veröffentlicht videochat viel viele vielen vieles vielfalt vielleicht vier volk volker
volkes volksverräter volksverräterin voll voller vollkommen vollpfosten vom von vor voraus vorbei vorbeikommen
vorgehen vorhanden vorher vorne vorschlag vorsitzende vorwerfen völker völlig wach wacht waffe waffen wahl wahlen
wahlergebnis wahnsinn wahnsinnig wahr wahre wahren wahrheit wahrscheinlich wand wanderst wann waren warte warten warum
waschmaschine wasser webseite weder weg wegen weggelaufen wegzieht wehrt weihnachten weil weise weit weitaus weiter
weitere weiterhin weiß weiße weißen weißt welche welchem welchen welcher welches welt weltweit wem wen wenden wenig
wenige wenigen weniger wenigsten wenigstens wenn wer werbung werde werden werdet werfen wert werte weshalb westen
wetter wichtig wichtiger widerlich widerstand wie wieder wieso wieviel wieviele willen willkommen willst wind wir wird
wirken wirklich wirst wirtschaft wissen wissenschaft wisst witz wo woche wochen wochenende wofür woher wohin wohl
wohne wohnt wohnung wolfgang wollen wollt wollte wollten worden wort worte wunder wundern wundert wurde wurden wussten
wählbar wähle wählen wähler wählt während wäre wären wöchentlich wünsche wünschen würde würden yücel zahl zahle zahlen
zahnarzt zeichen zeigen zeigt zeit zeiten zeitung zelt zensiert zensur zentrum zersetzung zerstören zerstört ziehen
zieht ziel ziele ziemlich zimmer zinsen zoll zu zucker zuerst zug zugang zugestellt zuhören zukunft zum zumindest zur
zurecht zurück zusammen zusammenhang zustellung zustimmung zustände zuviel zwar zwei zweifel zweiten zwischen ändern
ändert ärzte ärztin öffentlich öffentlichen öffentlichkeit öffnet österreich österreicher über überall überfällig
überhaupt überleben übernehmen übertrieben überweisung überzeugt übliche übrig übrigen übrigens`;
