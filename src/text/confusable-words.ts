/**
 * Words of English, German and other languages that would be read as words of spam, as one edit or one letter less makes one of them. Found
 * among the common words of nine languages (PyPI `wordfreq`); they stay what they are where the rest of the message is no evidence.
 */
const words = `
aaah aachen aah aal aalten aan aanmelden aard aart aas abetting abgelaufene ablage abmelden abnehmer abrufen absoluut
acces accesa accese accesi acceso accesos accessi accesso acker activates activite admirar admired admirers admires
adrese adressen adresser adresses adreste affiliated affiliates affiliati agresse ahhh ahhhh ahlen airing amazone
amounts angebots angelaufen anklage anlagen announcements anrufe anrufer ansage applikation approve approves argent
argumentando artikeln artikels asino assistante assistants assistent attempts attentions auctions aufeinanderfolgenden
auferstanden aufzubewahren augustinus auktion auseinanderzusetzen ausweise ausweist auszählung awww baan baar backed
backer backing baiting balanca balanced balancer balances balanco baller ballet banding banging banning barking
basking batches batter batting beater beating beeindruckendes befreit befund befunden beglichen beitrags beitrug
bekomen belden believed believer believes belting benden bending beneficiar beneficiare beneficiari benommen bequest
bereft bereid bereidt bereik bereikt bereist bereite beret bereut beriet beschenkt bestandsaufnahme bester bestätige
bestätigte bestätigten beter betrag betten bettes bettina bettler betätigen betätigt betätigung beweisführung
beweismaterial bidder bieber bilde bilden bildern bildes bildet billionen binder birthdays bitcoins blaast blicke
boasting bolder booting borgen bothers boucher bounds branche brauchte brauen breit bretter brothel bräuche buchen
builder bummer cadera caera calder callar callers callin calmer calming camara cameras camere camino camura cancela
cancellare cancelo cancels capita capitale capitali capitalisme capitals capitan capitao capitol carcel cardine carino
carving casera casing casini casinos catches cayera centen centers chancen chanel chante chargers charles charme
charmed charmes charred charte charted chartes chipping choses ciller clocked cloud cocked coffers coined collars
collecte collections collects coller collet colours comers commend commenta commentando commentato commente commenti
commento commet commuter compensacion compleet complet completa completed completer completes completi completo
complets complexe compter compute computed computern condon confiam confira confiram confirma confirmando confirme
confirmo confirms conform connecte connects consent considerando contacta contacte contacto contactpersoon contacts
contant contend contenta contente contenti contento contents contenu conter contestando context contient controlando
convent coucher coutent cracking cranking credi crediti credito crypt culling custom custos daad daaraan daarin daling
danych dapper daring darlegen deceive deceived deceiving decently decret definem deixem delivers depositi deposito
deposits derden dersten desen deser deutschem deviner dieben diemen dienen diener dieper dieren dieven digitaal
digitale digitali digitar dijital dinners diplom diplomas diplomat diplome directa directe directo directs directv
discard discorda discordo discounts dishwasher dissen disser diving doable doble docked dollari dollaro donacion
donante donare donated donates donati donatie donations donato dotate dotation doubled doubler doubles doubly doubting
downloads dragen dresse dringen dringende drying duble dumber dummer dummies earring earrings eenden ehh einfache
einhergehenden einsam einsamen einsamer einzubeziehen eisten elden elected embers empires enden endings endung erden
erding erhalte erhaltene erhaltet ernsten ernten erotic erotiek erstens esclusive escorte escorts eskort especial
esport esten everyones examples exclusieve exclusiva exclusives exclusivo exemple exiting exklusive experiente
experimentando expire expres facebooka facebooku fachen faking fallow fantastica fantastici fantastico fantastik
feilen ferver fetter fiance fideos fiend fiesen fieser fights fiil financed financer finances finanse finanze firing
flocked followern follows fracking fragend fragten frange frapper freud freunden freundes frying funktioniere
funktionierte futur futura futures futuri futuro futurs gaap gaar galler gamin gamine gamins gaping garantiere
garantierte gartner gazing gebucht gebunden gebührt geehrt geehrten gefundene geilen geistern gelden gelehrte
gelehrter gelieve gemeldete genade generaal generalprobe genuina genuino gerada geraden gerader gerado gerate gerede
geride gerson gerucht geschenke gesehene gesehn gestehen gestein gesten gesuch gesuchte gesunden getter gewann
gewannen gewinde gewinnern gewinnspiele gewonden gewonnene gezinnen giveaways givin globaal googled googlen googles
graad grader graders grading grange grati gratie gratos grauen gremium grippe grupe grupie gruppen gruppi gruppo
guarantees gunstig gutscheinen gönnen günstige haa haalt haard haas haast haat hacer hacke hacken hackers haller hanks
harding haring hatches hatching hating hawker hawking hecker heilen heiter helling herablassend herbeizuführen herden
herhalten hering herrlichen herzliche herzlicher herzliches hiding hmmm hmmmm hocker holidays hollow hooking hookups
hosen hospitaal hounds hummer huurt höcker höschen ideaal ideeen identifie identified identifiee identifiers
identifies iis iit illegaal impersonation imply importan importante importanti importants incasso incest incite
incited incomes informacion informando informations ingest ingles inline inloggen inner insere instagrama installeren
installierten insupportable internationaal inusual invent inventor inventors inversionistas inves investe investeren
investi investierten investindo investir investments invests inviate invita inviter invites inviti invito invoices
inwestor inzest iphones isses issuer issuers issus isten italiaan jaa jaaa jacked jacking jingle jochen joints kaarten
kahlen kanaal kanns kannste kannte kapital kapper kardinaal kasino kauen kaufe kauften kauwen kenden ketting kichern
kicked kisten klaar klinke koennte koffers kompensation komputer konnen konnt konntet kontakten kontaktu kontakty
koste kostenlosen kostenloser kostenloses koster kostete kostte kragen kredi krediet kreditkarten kredyt kriegs krijgt
kripto kummer kunnen kwartet könne könnens laars lacked lacking landon lasten latent layer lease leber leiter lending
lerden letztem liber licked lieder lieten liever liften lijsten limitee limiter limites listed listens lister listes
listet litten locke locken locker locket locking londen londons londyn lookup looming looping looting lovers loyaal
lumber lusten lyndon lösche lösten maag maal maan maass maassen macher machern machin machten macken madchen mahlen
mallet managen managern managers manages mandaat manger marcel marches margen marketingu maschen massages matchen
matching materiaal mating matthes mayday meiden meidet meier meijer meilen meinten meisner meldest meldete meldt
melken membres menager menden mending menem menen mener mentaal messaged messager metaal metter microsofts miesen
mieser milden milder milion millon mingle minutos mitbegründer mithin mmmm mobiel mobiele mobil mobilen mobiler mobili
mobilne mochte mocked mogen monatliche montage montags montaj montar montaz montent montes montos moraal morden morgan
morgens mortgages moths mounds mount mouths movers mummies mächte mädchens märchen möchten möchtet nachsicht nacional
naming nationaal nationale nationalisme nationals natuur nerden netice netter netting netwerk neutraal nevertheless
newfoundland nieder niesen nimmer nobile nommer nooo noooo normaal nothin notices noting notwithstanding novice numer
nummern nummers oceaan offerts officer offices offres ohhh ohhhh ollen oooh ooooh operador operato operatora operatore
operatori operators operatör opfers orage orang orangen oranges oranje origina originale originali originals originel
orijinal otters overbelast packaged packages packed packer packing paints pakket pallet papal parce parcela parcels
parel parsel parson partikel partnera partneri partnern partners pasaport passeport passie passieve passiv passiva
passiven passiver passivi passivo passports passwords paszport patches patching payent payer payments pearson pease
peints penning peones perdon perfecta perfecte perfecto perfekt permeability peron perron persen perso persona persone
petting peuple photon photons pickel picken picker picket pickled pictured pierson pints pisten pitture placer planer
platforma platforme platforms platformu platformy playlists pleas pleases pochen poings pointe pointes pointu pointy
ponds ponts portaal postet poten potent potenza potenze pottery prayer predit prefect preferindo premiums presentando
prevale preview prezes prides primate primes prints prises priva privata privatem privaten privater privates privati
privato prives processor productoras profesor professora professore professori professur profi profiel profiled
profilen profiles profili profilo profils profilu profis profite profites projecto projet protestare prototypes
provate prozessor prying publicando questionando rabat rabatte rachen racked racking ragen raking rally ranging rankin
rankings rankingu ranting rappel rappen rappers rappeur rating rational rauche rauen realistisches realny realty
rebote receiver receives recente recenti recents recept recordando recover recovers rectal redeemer referrals regard
regent registar registers registrations registre reilly reiter rekent relieve remate remembers remete remonte remota
remoti remoto renard rendete rendit rendita renditen renta rentals rentas repeal repent replicas requests resale
resent resister resten resultando retard retter reveals reveil revel revela revent revier reviews richer rieder ripper
rocked rollen rounds rovers rusted saad saale saat sacked sacking salari saturdays saufen scheiben schell scher schere
schicker schickes schickte schock schrei schreibens schreiber schreie schreien schrein schreit schreiten schrieb
schrieben schuf scure sealing secher secreta secrete secreto secured secures securite seeded seilen sekret sendern
sendet sendin seneden senken senkung serrer servem servern servers serves servet serveur servez serviced servico
servicos servie servir servire servise servite serwer setter setzte seuchen seward seyden seyret shaking shanks
shelling shingle shingles shipments shoulda sichel sicheres sichert sicherte sicker sicure sieber sigle signaal
signale signales siir sinden singel singes singla singled singlem singli singole sinner sinners sipping skipping slaap
slayer slipping smelling soaking socal socia sociaal sociale sociali socialisme sofortiger someones sonate sonden
sonntage sonntags sooo soooo sooooo soooooo sparkassen speciaal speciale speciali specialisee specialisten specialita
specials specialty spezial sprong staand staart staate staates staats stacking staging stalking standaard standen
stared staring starred starten starter startet startled starved stated statements stating steilen stelling stonden
strang streng stron strona strone stront strony strung ständen stünden subscribed subscriptions suchten suction
supporta supportano supportata supportato supporte supporti supporto supports surpris surprises suspende suspender
suspendeu suture swelling swollen sünden tacked takin takken taller taming tanks taping tarder taufen taxing teiler
teilten telegrama tellen tending tenter tersten thanos thans thingy thorough thumb ticked tingle tiring tissues totaal
toucher toying tracer tracing traer traffici traffico trafic trager transfere transferi transferindo transfers
transfert transferu transportando trapper trauen trauer travers trazer treading treason treffe treffend treffens
treffer treffern tricking troffen trough trucking truppe trustee tryin tying tägliche uhhh ummm unding unii unload
unlocks unsure updated updaten updates upgraded upgrades uploads urgente urgenti uur vacance velden venden vending
vendite verband verden verdienste verdienten verdiepen verdwenen verfahrens verführen verificacion verifications
verifie verifier verifiez verily verity verleiden verlobung verlängert vermeden vermeide vermeidet vermelden vermieden
versandt versank versant vetter vetting videosu vidros viscount visten vollen vorfahren vragen vriend waage waait waan
waar waard wachen wacker wailing waited waiter waitin walled wallen waller wallets waned warden warnings wartest
wartete wasted wasting watcher watchers wateroverlast weakly wedden weekendu weekendy weiber weicht weiden weiger
weigh weighs weights weighty weiher weiler weiser weitem weiten weiters weites weitet weithin wellen wending wendung
werben werdens werder weren werken werkend werking werpen werten werter wertet wertung werven western wetting whacked
whatsoever whipping whiter whiting widder wider wiener wiesen wieser wilder winger wingers winnen winters winzer
wiring wisten witches withdrawals withdrawn withdraws withdrew woerden wolken wolle wolven wording workings wounds
wrapper wwe wöchentliche xxxx yaa yearning yelling yerden youtuber youtubie zahlten zalen zeilen zelden zenden zending
zollen zorgen zugangs zuruck zuur zwaar zählen zählung überwiesen`;

export const confusableWords: ReadonlySet<string> = new Set(words.trim().split(/\s+/));
