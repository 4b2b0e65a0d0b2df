/**
 * More words of German that are common in messages, spam or not; counted in the training parts and in chats, and words of spam since 2020
 * added by hand. See de-words.ts.
 */
export const moreGerman = `
abbrechen abends abgegeben abgelaufen abgeschafft abgeschaltet abhängig ablegen ablehnen ablehnung abos abschaffen
abschiebung abschiebungen abschuss absehbar absender absicht absoluter abstand abstimmen abstimmung abwarten abwärts
abzug abzugeben abzugrenzen ach achim achja adenauer adler adolf adresse advent affen afghanen aggressiv akku akte
aktiv aktivieren aktivität aktuellen akzeptabel akzeptieren akzeptiert albern albtraum alina alkohol alkoholiker
allesamt alliierten alltag allzu altersarmut amerika amerikaner amerikanische amerikanischen ampel amtes anal
analysieren andre andreas anerkennen anfordern anforderungen angeblichen angeboten angefangen angegriffen angeht
angehörigen angela angelegenheiten angenommen angerichtet angesagt angesehen angesichts angesprochen angie angreifen
angriff angriffe anhänger anhören anklagen anlage anleitung annika annähernd anonym anruf ansehen ansichten ansprechen
anstieg anständige anteil antifa antisemitischen antje antun antworte antwortet anwalt anwälte anzahl anzeigen apfel
araber arabischen arabischer arbeite arbeiter arbeitgeber arbeitslose argumentation armee armen arschlöcher assad
asylbewerber aufarbeitung auffassung aufforderung aufgabe aufgebaut aufgefallen aufgehoben aufgeklärt aufgemacht
aufhalten aufhören aufklärung aufmerksamkeit aufnahme aufpassen aufregung aufruf aufstand auftreten auftritt auge
ausbildung auschwitz ausdenken ausdruck auseinander ausfüllen ausgedacht ausgedrückt ausgelegt ausländische
ausländischen ausmacht ausnahme ausnahmen ausnahmezustand ausreichend ausschuss aussieht ausspricht austausch
australien ausweis automatisch axel backen balken bande banken bart bastard bauch bauer baum baut bayer beachte
beamten beantragen beantragt beantworte beantwortet bearbeitung beatrix becker bedanken bedenken bedeuten bedeutung
bedient bedrohung befreien befürchte befürchten begann begeben begeht begeistern begibt beginnen begonnen begreift
begriffe begriffen behandeln behauptung beifall beispiele beitrag beitritt beiträge bekam bekannten bekanntlich
bekennen bekenntnis bekloppt bekomme bekämpft belangen belasten belege beleidigen beleidigend beleidigungen beliebt
belogen belohnen belohnung belästigt bemühen benachteiligt benachteiligung benannt benennen benutzen benutzt benötigen
beobachter beraten beratung berechtigt bereicherung berger berichte berichterstattung beruf berufung bescheid
bescheuert beschluss beschneidung beschrieben beschweren beschäftigen beschützt besetzt besondere besonderen besorgt
besseren besseres bestand bestanden bestehen bestellt bestellung bestens bestimmen bestimmten bestrafen bestätigt
besucher besucht beteiligt beteiligung betet betont betrachte betrachtet betreibt betroffen betroffene betrogen
betrügen betrüger beurteilen bewaffnet bewegt bewegung beweis beweise beweisen beweist bewerten bewiesen bewohner
bezahlte bezeichnung beziehen bezweifle biegen biete bietet bilden bildet billige billigen birgit birne birnen bischof
bleib blicken blieb blitz blockiert blumen blut bluten blöden bochum bock boden boote bord boris botschafter
brandenburg brandt brauche brauchst braun braunen brechen breit brenner bruck bruder brut bräuche bräuchte brücke
brüder brühe brüste bullshit bundes bundeskanzler bundeskanzlerin bundestages bundeswehr bundesweit bunt bverfg bzgl
bzw böhmermann bösen böser böses bücher bühne bürgerinnen bürgerkrieg bürgern bürokratie caro chinesen cholera
christlichen christoph christus cicero claudia cuxhaven dachau dahin damen daneben dankt daraufhin dargestellt
dasselbe dauernd deaktiviert definieren delegierten demnächst demokraten demokratisch demokratische demokratischen
demonstration demonstrieren demonstriert denk denker denkst denselben depp derart derweil derzeit derzeitige dezember
dicht dickes dient dieselbe diesmal dietrich differenziert digitalisierung diktator dingen dinosaurier disziplin
diäten dobrindt doktor dolmetscher doofe doppelmoral doppelte dora dortmund draus drehen dreht dreimal dritte dritten
drittes drohen druck drüber drückt duisburg dulden durchbruch durcheinander durchgesetzt durchs durchschnittlich
durchsetzen durchzusetzen durfte dämlich dämon dörfern dümmer dümmste dürft düsseldorf echten echter eckardt ehem
ehemalige ehre ehrliche eigenem eigentliche eigentum eindruck einfachen einfacher einfluss einführen eingefroren
eingeführt eingegangen eingeht eingeladen eingesetzt eingestellt eingetroffen eingreifen einheit einiges einigkeit
einladung einloggen einreden einrichtungen einsammeln einschlagen einsetzt einstellen einstellung eintrag eintreten
einwohner einzelfälle einzelnen einzig einzug einzuschränken einzusteigen elefant elster emanzipation empfangen
empfehle empfehlen empfänger enden endgültig energie engagieren engagierten enorm entdeckt entfernt enthält entlastet
entlastung entscheidungen entschuldigt entsetzt entsorgen entstehen entsteht enttäuschen entwickelt erbe erde erdogan
erfolge erfolgt erforderlich erfunden ergeben ergebnisse ergibt ergänzen erheben erhält erhöht erhöhung erik erika
erinnerung erkennbar erlaubnis erlebe erläutern ermittelt ermordeten erneuern erneut ernährung erotik erreichbar
erscheinen erscheint erscheinung erschüttert ersetzen erstatten erstaunlich erstaunt erstens erwachen erwacht erwarte
erwischt erwähnen erwünscht erziehen erzogen eröffnet esse etablierten europäische eurovision evangelisch eventuell
evtl existenz extremismus fachkräfte facto fahnen fahrer faktor falscher falsches fand fangen faschisten fass fassen
faul faule faulen fazit februar fehlende feiertag festgestellt feststellen festung feuer filiale filme finanzamt
finanzielle finanziellen finanzieren finanziert finanzminister findest firmen fisch fischer flagge flaggen fleisch
fliegen flieht flughafen fluten flüchten flüchtlings flüchtlingskrise flüchtlingspolitik folge folter fordere formel
formulieren formuliert fortschritt fotografieren fragte fraktion franz franziskus franzosen frech freiburg freiem
freier freies freigelassen freigeschaltet freiheiten freilassung freiwillige fremde freunden freundeskreis friedens
friedlich friedliche frisch fritz frohes frühstück fuhr funktion funktionäre furchtbar furchtbare fussball fährt
fällen fällig fördert förderung fühle führer führerschein fünf fürchten fürchtet gab gabriel gast gauland geantwortet
gearbeitet gebannt gebaut gebet gebildet geblockt geboten gebrauchen gedacht gedanke gedenkt gedreht geeignet gefahren
gefickt gefilmt geflüchteten gefordert gefressen gefreut gefährlicher gefälschte gefängnis gefühl gefühle geführt
geführte geführten gegangen gegenseitig gegenwehr gegessen gehackt gehalt gehalten geheimdienste geheimnis geholfen
geholt gehst gehälter gehörst geirrt geistige geistigen geistliche geistlicher gekauft geklappt gekämpft gekündigt
gelassen gelaufen gelb gelebt gelegenheit gelingen gelogen gelöst gemeinde gemeinden gemeinsamen gemeinschaft
gemütlich genannt genannten genauer genehmigt genehmigung generationen genfer genossen genutzt genügend genügt georg
geplant geraumer gerd gerechte geredet gerhard gerichte gernot gerufen gerät gesamten gescheitert geschenk geschenke
geschenkt geschichten geschickt geschissen geschlagen geschossen geschützt geschützten gesellschaftliche gesichter
gespannt gespendet gesprochen gespräche gestanden gesteuert gestorben gestrichen gestört gesucht gesund gesundheit
getrieben getroffen getötet gewartet geweiht gewinnt gewisse gewählten gewährleistet gewöhnen gewünscht gezielt
gezielte gezogen gezüchtet geändert gibst ginge glas glatt glaubst glaubwürdig gleichberechtigung gleicher
gleichgültigkeit globalisierung gnadenlos goebbels gras gratuliere gratulieren grausam grausamkeit greifen
griechenland gruppen gruselig grössten guck guckt gutem gysi gäste göring götter gültig günstige güte halb halbe
haltet hamas handel handynummer hannover harald hartes hartz hasse hauen hausfrau haushalt hautfarbe heike heiko
heilige heimatland heinrich heiraten heisst helden helfe herein heribert herkommen hermann herren herum heuchelei
heulen heutige hierfür himmel hinaus hingegen hinten hinterbliebenen hintergrund hintergründe hinterher hinweg
hinzufügen historischen hochschulen hoffnungslos hohl holger holt homo honecker horde horst hosen hubertus humanitäre
hundert hunderte hunderttausende hungern hure hände härter hättest häufiger höchste höchstens höcke höhe höher hübsch
hürde identifizieren identität identitäten ideologien ideologisch illegalen importiert impulse individuum industrielle
infrastruktur inhalt inhaltlich inkl inklusive inmitten innenminister insgesamt insofern insolvenz installieren
integriert interessante interessanten interpretationen irgendein irgendeiner irgendwelche irgendwo ironie irre irrt
islamischer islamismus israelischen jacke jagen jagt jahrhundert jahrhunderts jahrzehnten jammern januar jeher jemals
jemen jenseits jetzige jeweiligen jeweils johannes josef jost journalist judentum jugendlichen juli juncker juni
juristisch jutta jährige jährigen jüdischen jünger kacke kaiser kaliber kalt kalte kalten kamerad kampagne kanal
kandidat kandidaten kannste kannte kapitalismus kapitel karl karlsruhe karriere kasse kassieren kasten katalonien
katholischen katja kaufe kaution keineswegs kennst kenntnis kerl kilo kindergeld kindergärten kindheit kiste kita
klage klappe klaren klarer klassen klauen klaus kleinanzeigen kleines klicks klimaschutz klimawandel klingt knapp
kneipe koalitionsvertrag koch kohle kollege kollegen kollektiv komme kommenden kommentar kommentaren kommentieren
kommentiert kommissar kommst kommunismus kompetent komplette komplexe kompromisse konfrontiert konkrete konrad
konsequent konsequenzen konstruktive kontrolliert konzentrierte konzept konzerne konzernen korrektur korrupt korrupten
kostenlose kostenlosen kostenloses kotzt kragen kranke krankenhaus kratzen kratzer kreditkarte kreis kreuz kriechen
kriegst krim krone krug kräfte kugelschreiber kulturellen kulturen kunst kurden kurier kurse kurz kurze kuss kämpfe
kämpfer kölner könig köpfe körper körperliche küche kühe kümmert künftig künstler labern lach laien landet landsleute
landwirtschaft langem langer lanz lars lauch laune lauten lauterbach lautet lebe lebenden lebens lebst lecker leer
leere lehne lehnt lehren lehrt leiden leidet leihen leipzig leistung leistungen leitner lena leon lern lesung leyen
liberalen liefert lindner literatur logik lohn loswerden luna lust luxus lädt löhne löschen löschung lösen löst
lösungen löwe lügner lügt maas magazin magdeburg mahnt mai mainz mandat manipuliert mannes mannheim marcel markiert
markus mathe matthias mauer maurice maus maut mecklenburg meer mehrfach mehrheiten mehrheitlich mehrzahl meier meins
meinte meinungen meldet meldung menschenrechte menschenwürde menschheit merkel merkels merkwürdig messe messer mexiko
micha michel migration minderjährige ministerin miriam missbraucht mitarbeiter mitarbeiterin mitbekommen mitgefühl
mitleid mitmachen mittel mittelalter mittelfinger mitten mitternacht moderatoren moderne modus momentan monate
monatlich morde morden morgens moser mueller munich munter mutig männlicher märchen märtyrer märz möchten möchtest
möglichen möglichkeiten möglichst müde mülleimer müller nachdem nachfrage nachfragen nachts nachtschicht
nachvollziehbar nachweislich nachzulesen nahen nahezu naiv naja nationalen nationalismus nationalität
nationalmannschaft nato nebenverdienst negativ neger nehm nehmt neonazi neonazis nerven nervt nette netten neuem
neumann neumünster ngos nich nichtmal nieder niederlage niedersachsen niedriger niels niemandem nimmer nirgendwo
nochmals norbert nordkorea normale normalerweise nunmal nächster näher nürnberg ober offenes offiziell ohnehin ohren
oktober olle orban orden organisationen organisieren oskar osteuropa packen palmer panzer papier papiere parolen
patrioten pegida perfekt personalausweis personalien perspektive petrus petry pflaster pflege pflicht phantasie phönix
plattform pleite plenum plötzlich polens polit politischer polnische populismus pornos porto positionen poste postfach
priester privat privileg privilegien problematisch produkttester produziert programm projekt projekte promis
propagiert protestieren provokation prozess präsidenten psychisch putin putins päckchen pässe pünktlich qualifikation
qualität quasi quelle quellen radikaler rahmen raketen rasse rassistisch rassistischen rathaus ratte raub rauchen
reagieren reagiert recherchieren rechnen rechtliche rechtsextremismus rechtsgrundlage rechtspopulisten rechtzeitig
reduzieren regel regelung regierenden regierungen registriert regt reiche reichen reiches reichsbürger reifen reihen
reiner reinste rekord religionsfreiheit religiös renate rendite renten reserviert rettet ricardo richten richter
riesen riskiert roland rostock roth ruft ruhestand ruhrgebiet ruinieren rund russen rutsch rücken rückführung
rückmeldung rücktritt sachlich sachsen sah sammy samt sanktionen sarkasmus sascha satire sauber sauerei saufen schach
schalte scharia schaue schein scheinen scheisst scheitern schenken schlafen schlage schlampe schlepper schleswig
schlimme schlimmste schlussfolgerungen schlägt schlüssel schmutz schnauze schnee schneider schnellen schneller
schnellstmöglich schokolade scholz schonmal schrecklichen schreien schreit schrift schriften schritt schröder schuhe
schuldig schulz schuss schuster schwanger schwarzer schweden schweigt schweizer schweren schwerin schwierigkeiten
schwuchtel schwuler schädel schäden schämt schönheit schönste sechs seehofer segen sehnsucht seitdem seiten sekte
selben selbstmord selten senden sendet sendungen sexismus sexualität sicheren sicherer sieg siegen sieh silvester
simone simpel singen singt sinne sinnvoll situationen sitz sitze sobald soeben sofortige sofortkredit soli solltest
solltet somit sonder sorge soros sorte sowohl sozial sozialdemokraten spahn spalten sparen spart spende spendet sperre
sperrung spiegel spieler spinner spitze spontan sprach sprachen sprachlos spruch spuren staates staatlich staats
staatsanwaltschaft stammt standort startet statistiken stattdessen stattfinden stefan steh steigen steigt stein
steiner steinmeier stell stellung stern steuer steuergelder steuergeldern steuert stich stil stille stimmung stinkt
stoll stoppen stoppt storch strafbar strafen strategie streichen streiken streit streiten strukturen strömen studiere
stuhl stumm städten stärke stärken stören stürzen subjekt suchst sucht surfen sven sympathisch synode syrer syrischen
säcke sätze söder söldner tafel tagesschau tagesspiegel talkshow taschengeld tastatur taten tauber taugen tauschen
teilnehmer teilzeit telefonieren telefonisch telekom tendenziell terroranschlag terrorismus testen teurer texte theo
theologie theorie tipp tisch titel titten toleriert toller toter totschlag touristen trage traumatisiert traut treiben
treten treu trinken trolle trug truppe truppen trägt tränen träume träumen träumt tschechien tschüss tust typ typen
tätig tübingen türke türkisch ueber uhrzeit umdrehen umfrage umfragen umgang umgehen umgehend umgekehrt umso umsonst
unbekannte undenkbar unerträglich unesco unfall ungewöhnlich unglaublich unglaubwürdig universität unrealistisch unten
unterdrückung untereinander untergehen unterhalten unterhaltung unterkunft unterricht unterscheiden unterschreiben
unterstützer unterwegs unterzeichnet unverantwortlich unverschämt ursache ursachen ursula urteil urteilen vaterland
veraltet verantworten verantwortlichen verarschen verarscht verband verbietet verbindung verbreiten verbrennen
verdammt verdammte verdanken verdoppeln vereinigung verfassung verfolgen verfolgung verfügbar verfügung vergewaltiger
vergewaltigt vergewaltigungen vergiftet vergleich vergleichen verhandeln verhandelt verheiratet verifizieren verkauf
verklagt verkommen verlag verlangt verletzte verliert verlängern vermehrt vermeiden vermeintlich vermerkt vermitteln
vermutung vernichten vernichtet vernünftig vernünftige verpasst verrat verrät verrückt versagt versammlung versand
verschenkt verschwiegen verschwindet versehen versprechen verspricht versprochen verstecken verständlich verstärkung
versuche verteilt verteilung vertrag verurteilen verwaltet verwechselt verweigert verwendet verzichten verzichtet
verzweiflung verändern verändert vielmehr viertel viren vllt vogel volksbank volksverhetzung volle vorab voran
vorbereitet vorbereitung vorbild vordergrund vorfeld vorgegeben vorgestellt vorgibt vorm vorreiter vorsicht vorstand
vorstellen vorstellung vorteile vortrag vorurteile vorübergehend votum vögel völkermord völkerrecht wagen wagenknecht
wahlkampf wahlprogramm wald wandern warnen warnung wartet wege wegwerfen wehe wehren weibliche weich weihnachtsmarkt
weis weisen weist weiteren welch weltanschauung weltbild weltgeschichte wende werbe werd werk werner werten
wertschätzung wesen wessen wettbewerb wetten wichtige wichtigen widersprechen widerspricht widerspruch wiederholt
wiedervereinigung wien wirft wirklichen wirklichkeit wirkt wirkung wirt wittenberg witzig wlan woanders wobei
wohlstand wohnen wohnraum wohnungen worum wovon wozu wunderbar wundere wunsch wurdest wurst wusste wählern wärst
wünsch wünscht wünschte würdest wüsste wütend yvonne zahlt zahlung zauber zecken zehn zeig zeile zeitalter zeitungen
zerlegt zettel zeug zeugen zeugnis zieh zins zitat zitiere zitiert zittern zivilcourage zollgebühr zorn zufolge
zufällig zuge zugestimmt zugrunde zuhause zulassen zumal zunächst zusammenarbeit zusammenleben zustand zuständig
zusätzliche zuvor zwang zweimal zweite zweitens zweiter zwingen zwingend zählen zählt zünden ägypten ähnlich ältere
ärgern ärgert öffnen öfter ökologische österreichische özdemir übel überdenken überlebt überlegen übernommen
übersetzung überweisen überwiegend überwiesen`;
