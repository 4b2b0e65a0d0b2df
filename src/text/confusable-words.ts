/**
 * Words of English, German and other languages that would be read as words of spam, as one edit or one letter less makes one of them. Found
 * among the common words of nine languages (PyPI `wordfreq`); they stay what they are where the rest of the message is no evidence.
 */
const words = `
aachen aah aal aalten aan aanklagen aanmelden aard aart aas abende abetting abgelaufene ablage abmelden abnehmer abort
abou abouti abrufen absoluut acces accesa accese accesi acceso accesos accessi accesso acht acker activates activite
adlar adlers admins admis adrese adressee adressen adresser adresses adreste adulta adulte adulti adulto afdler afer
affiliated affiliates affiliati afinal agen agenta agente agenti agresse ahlen ahnen aided aient ailes airing ajout
alain alder alerta alerte ales allees alleys allies allo alls alpes alster alves amazone amend ames amin amministrare
amon amont ample anaal andy angebots angelaufen anke anklage anlagen announcements anrufe anrufer ansage aout appel
appele appli applikation approves aptly arder arend argent argumentando arles armin arte arter artes artikeln artikels
arty asino assistante assistants assistent aster aten ates atout attempts attentions auctions aufeinanderfolgenden
auferstanden aufzubewahren augustinus auktion ausweise ausweist auszählung avait avert avery avoids avoir avond awaits
awards axles baan baar baart backed backer backing baiting balanca balanced balancer balances balanco baller balles
ballo banding bandy banging banning barking basking batches baten bates batte batting beater beete befreit befund
befunden begaan beging beglichen behandlungsmethoden beinen beitrags beitrug bekomen belastbare belden believer
believes bello belo belos belting benden bending beneficiar beneficiare beneficiari benommen bequest bereft bereid
bereidt bereik bereikt bereist bereite beret bereut beriet bering berry beschenkt bestaand bester bestätige bestätigte
bestätigten bete beter betrag bette betten bettes bettina bettler betätigen betätigt betätigung beute bever beving
bevo bidder bieber biede biegt biene biere bieter bilde bildern bildes billionen binder binen biner bing birthdays
biste bitcoins bitt bitten bittet bitti bitwe blaast blass blesse bleus blicke bliebe bling bliss bloss boasting
boeing boete bogus bolder bomen bonds bonos bons bonusu booting bords borgen bothers botte boucher bounds brad braid
bran branche brandi brando brands brane brani brano brans brant brauchte brauen breach bretter brice brite brust
brutaal bruttoinlandsprodukt bruut buche buchen bucht bucky buick builder bunde bunter butte bülow caben cache cadera
caera calder callar callers calles callin calmer calming calms camara cameras camere camino camura cancela cancellare
cancelo cancels canna capita capitale capitali capitalisme capitals capitan capitao capitol caras carbs carcel cardine
carino caros carte carts carving casera casing casini casinos cassino caution cayera cebit ceder celow centen centraal
chancen chancengleichheit chanel chante chargee chargees chargers charme charmed charmes charred charte charted
chartes chec checa checi checke checkt checo cheek chile chipping chock choses chover christiaan christianisme chuck
ciele ciller cince claas claes claimt clair clam clams clans claps clase clases clasp classe classi classy claus claws
cleave clic clica clicks clics clim clocked clots clover coche cocked coffers coger coils coined coles collars
collecte collections collects coller collet colours combattono comers commend commenta commentando commentateur
commentato commente commenti commento commet commuter compensacion compleet complet completa completed completee
completer completes completi completo complets complexe compter compute computed computern condes cones coney confiam
confidencial confidentiel confira confiram confirma confirmando confirme confirmo confirms conform connecte consent
considerando const contacta contacte contacto contactpersoon contant contend contenta contente contenti contento
contents contenu conter contestando contient conto controlando convent cordes cords cores corny coser cotes coucher
coudes coulda coule cours coutent coven covert covet cracking cranking crass crates credi crediti credito crick crypt
cuite culling custom custos daad daaraan daarin dacht daden dagen dairy daisy daken dalen daling dallo daly dames
danca danced danco dandy danie danken dankje dankte danse dante danych danze dapper daring darlegen darte datent dawke
deane deans debat debi debia debil debio debiti debito debiut debut debüt decals deceive deceived deceiving decently
decine decret deden deeds deels definem defne degen degne deixe deixem dekan delas delit delivers dello dene depit
depositi deposito deposits deram derden derine derry derste dersten dese desen deser deute deutschem dever devine
deviner dials diebe dieben diede diele diemen diene dienen diener diepe dieper dieren diesel diete dieven difese
digitaal diner dinners diplom diplomas diplomat diplome directa directe directo directs directv discard discorda
discordo discounts dise dishwasher disse dissen disser ditte doable doble docked dollari dollaro domen donacion
donante donare donated donates donati donatie donations donato doping dosing dotate dotation doubled doublee doubler
doubles doubly doubting draag dragen drawer dread dreamt dreamy dresse dried dringen dringende drying duble duche
dumber dummer dummies duros earring earrings eater ebnen ebner edinen edler eenden eerste eersten ehh ehren eifer
eigen eignen eigner eiken eilen eimer einfache einher einsam einsamen einsamer eisen eisner eiste eisten ejder elden
elected elles ello elsner embers emery emil eminem empires ender endings endung enem enfer enger ente enten entera
entere entero enters entes entier entra entre entrer entri entro enver envoy erden erding ergste erhalte erhaltene
erhaltet erich erick ernste ernsten ernte ernten eros erotic erotiek erros erstem erstes esclusive escorte escorts
eskort especial esport este esten ester ether eures euter evers evert everyones exclusieve exclusiva exclusives
exclusivo exemple exiting exklusive exner expandindo experiente experimentando expres extrae extras facebooka
facebooku fache fachen faking falles fallo fallow fands fantastica fantastici fantastico fantastik fates feder
federaal fegen fehl fehle fehlst fehlte feilen feinem feinen feiner feite ferry ferver fetter fiance fideos fiele
fiend fiese fiesen fieser fiil finale finali financed financee financer finanse finanze finas finer firing firsts fist
flick fliegt flocked flots focal followern fonds fones forem foren foret formaat forst fours fracking fragend fragten
frange frapper fraude frauds freud freundes frick fright frist frust fuite funda funde fundo fundos fundus funes funkt
funktioniere funktionierte fusing fusst futur futura futures futuri futuro futurs fühlt fürst gaap gaar gaben gache
gages gales galler galles gallo gamen gamers gamin gamine gamins gaping garantiere garantierte gares gartner gases
gaten gazing gears gebit gebucht gebunden gebührt gecen geehrt geehrten geeks gefundene gegend gehakt geigen geilen
geistern gelden gelehrte gelehrter gelen gelieve gemeldete genade genen generaal generaals generalprobe gent gentry
genuina genuino gepackt gerada geraden gerader gerado gerate gerede geride gerry gerson gerste gerucht gesehene gesehn
gestehen gestein gesten gesuch gesuchte gesunden gesundheitsministerium getter gewann gewannen gewinde gewinnern
gewinnspiele gewonden gewonnene gezen gezinnen gicht gills giris girly giros giveaways givin globaal gluten goings
gomes googled googlen googles gorny gould graad grader graders grange grat grati gratie gratos grauen greats greis
gremium greta grippe groep groupe grout grup grupe grupie gruppi gruppo guarantees guben gunstig gunter gusten
gutscheinen gönnen haa haalt haard haas haast haat habens haber hablen hablo hacen hacer hache hacke hacken hackers
hackt hagen haien haken halben halen halid halla halle haller halles hallt hande handys hanke hanks hanna hanny
harding hardy haren haring harte hasen hatch hatches hatching haten hating haute hawker hawking hazlo heady heals
hears heben hecker heden hefte hegen heide heile heilen heime heiner heise heiter helio helle helling hells
herablassend herbeizuführen herden herhalten hering herrlichen herzliche herzlicher herzliches heurte hile hippy hirst
hitte hoben hocker hoden hohen hohlen holden holliday hollow holten hooking hookups horen horne horno hors horus
hospitaal hound hounds housed houve hoven hufen hummer hunter huurt höcker höschen ideaal ideals identifie identifiee
identifiers identifies ieder ight iis iit illegaal ills impersonation imply importan importante importanti importants
incasso ince incest incite incited incomes inen iner informacion informando informations ingest ingles inline inloggen
insa insaa insere instagrama installeren installierten instar insupportable intentando inter internationaal inusual
inventando inventor inventors inversionistas inves investe investeren investi investierten investindo investir
investments invests inviate invita invitee inviter invites inviti invito invoices inwestor inzest ionen irade irem
iren irrer isses issuer issuers issus isten italiaan jaa jaagt jacht jacked jacking jedne jello jeter jetz jever jezt
jingle jochen joden joints jours jugar julii juros kaart kaarten kackt kahle kahlen kaine kameraad kanaal kandidaat
kanns kante kapital kapper karate kardinaal kare karne karre karta kartce kartek kartel kartke karty karze kasino
kaste kauen kauften kauwen keane keder keene keime kende kenden kene kerne kerry kesen ketting kichern kinde kisten
klaar klickt klik klinke knackt knick koennte koffer koffers kolen komen komet komma kommts kompensation komputer
komst komt komut kongo konnen konnt konntet kont konta kontakten kontaktu kontakty kontor konus koreaans korte koste
kostenloser koster kostete kostte kredi krediet kreditkarten kredyt kress kriegs krijgt kripto krize ktore kudde
kummer kund kunnen kunze kurde kwartet könne könnens laars lache lacked lading lames lance lasen lasten latch laten
latent lauft laute leaking leale leans leaping learns learnt leary lease leasing leber lebte leden leder ledit legaal
legat legia legii legio legst legte lehen leibe leiding leinen leisen leit leite leiter leken lending lenen lente
lepen lerden leren lesben lesens leser lesern lesne lessen leste lester lette letzt letztem leuke leut lever lezen
liber licked liebes liebte lieder lieg liege liegst liet lieten liever liften ligin ligt lijsten limiet limita limite
limitee limiter limites limiti limito limitu limity lister listes listet literatuur litro litten llave loading loca
locale locali locals locas locke locken locker locket locking logan logen logis lokal longs lookup looming looping
loosing looting lords lorry lovin loyaal lucht lucke lucy luft lugar lumber lusten lute läufe läufts lösche lösten
maal maan maass maassen macae macha macher machern machin machs machte machten machts macie macken madchen mahlen
maine mallet malls mames mandaat marche margen marketingu marte marty masche maschen massages matce matchen matchs
maten materiaal mating matsch mayday meche medine meeks meide meiden meidet meijer meile meilen meinten meisner
meldest meldete meldt melken mello membres menden mending mene menem menen mener mentaal messaged messager metaal
metter meute micht microsofts miele miene miese miesen mieser milden milder milion millon mills mince minen miner
mingle minimaal ministerstwie ministries minutos mitbegründer mithin moans moat mobiel mobiele mobil mobilen mobiler
mobili mobilne moche mocht mochte mocked modes mogen moine molen mona monatliche monats monet monety mont monta
montage montags montaj montar montaz monte montent montes monti monto montos monts montt monty mooney moraal morder
morgan mortgages moth moths mould mound mounds mouths movers mummies munde muros musi musica musici musico mächte
mädchens möcht möchtet naakt nacen nachsicht nacional nackte nahmen namens naming nance nanna naped nappy narty nasen
nationaal nationale nationalisme nationals natuur nciht nears neden neder negen neler nello nemen nerden netice netter
netting netwerk neuken neutraal neuzen nevel neven nevera nevers nevertheless neves neveu newfoundland niche nicho
nichte nickt niesen nigh niro nobile nocht nodes noia nokta nomen nommer normaal notices noting notwithstanding novia
novice nubes nudel nudez nudos nues nukes numer nummern nummers nunes oates oceaan offert offerts offices offre offres
ollen ongs onus oparty operador operato operatora operatore operatori operators operatör opfers orage orang orangen
oranje orde ordem ordern orders ordner ordre orgaan origina originale originali originals originel orijinal orth
otters outen overbelast pacht packaged packages packer packet packt padded paints paketi pakiet pakket pakte pallet
panna panty papal parce parcela parcels parel parity parket parry parsel parson partikel partly partnera partneri
partnern partners partys pasaport passeport passie passieve passiv passiva passiven passiver passivi passivo passports
pasty paszport patches patching paten pates patty payent payer pears pearson pease peder peints penning perdon
perfecta perfecte perfecto perky permeability peron perra perro perron persen perso persona persone persoon petting
peuple phare photon photons pickel picken picker picket pickled pierson pilas piles pille pillo pince pints pisten
placer plaket planer plateforme platforma platforme platforms platformu platformy playlists pleading pleas pleases
plomo plots pobor poche pochen podes poing poings pointe pointes pointu pointy pollen polls ponds pone pones poney
ponto ponts portaal porty postet poten potent potenza potenze pottery prace precis predit prefect preferindo preist
premiums prens pres presa presas prese presentando presi preso presos pressa pressi presso prets preuss prevale
preview prezes priced pricey prick prides prie pries priez primate primes primo prints pris prise prises priva privata
privatem privaten privater privates privati privato prive prives prized probo processor productoras profesor
professora professore professori professur profi profiel profiled profilen profiles profili profilo profils profilu
profis profite profites progettata programmeur projecto projet promi prominenter promos proms promu prone protestare
proto prototypes provate provo prozessor pryce prying prze publicando pulls punk punks punkto punktu punkty punt
punter puros quack questionando quirk rabat rabatte raben rachen racked racking radler rady ragen rages raked raket
raking rally rames ranging rankin rankings rankingu ranting rapes rappel rappen rappers rappeur rares ratas rating
rational ratos rauche rauen raves reaktiviert realistisches realny realty rebote receiver receives recente recenti
recents recept recordando recover recovers rectal reddy reeds reeks referrals regent registar registers registrations
registre rehen reichs reilly reinem reinen reis reite reiter rekach rekent relieve remate remembers remete remonte
remota remoti remoto renard rendete rendit rendita renditen renta rentals rentas repay repent replay repli replicas
representando representatif requests resale resch resent resister reste resten resultando retard retter revent rever
revier rhone richer richt ried rieder riese righe ripper rites rize roach roche rocked rollen romo rotes rother rouse
roux rovers ruben ruche ruhen runen rusted rzady saad saale saat saben sacht sacked sacking sadler sahen sains salari
salles samen sandy saten sche scheck scheiben schell schen scher schere schicker schickes schickte scho schob schock
schoen schok schone schonk schont schoon schot schrei schreibens schreiber schreie schrein schreiten schrieb schrieben
schuf scion scots scure sealing seals sears secen seche secher secreta secrete secreto secte secured secures securite
seeded seeks sehne sehnen seide seien seife seile seilen seins seita seitz seize sekret selen sella sello semen sence
sendern sendin seneden senken senkung sente sentry seren serrer servem servern serves servet serveur servez serviced
servico servicos servie servir servire servise servite serwer sette setter setzte seuche seuchen sever seward seyden
seyret sezen shade shaking shale shane shank shanks shard shares sharpe sheen shelling shingle shingles shipments
shire shone shoulda sichel sicheres sicherheitsmassnahmen sichert sicherte sicker sicure sieber siegt sigle signaal
signale signales siir siiri simit sinal sinden sinem singe singel singes singla singled singlem singli singole sings
sinner sinners sipping sitte sizce skies skipping skips skis skits skore slaap slayer slick slipping slits slot sloth
slows sluts smal smalle smalls snare snows soaking socal socia sociaal sociale sociali socialisme soest sofortiger
soins sonate sonden sonntage sonntags soort sorri sory souche sparkassen spear speciaal speciale speciali specialisee
specialisten specialita specials specialty speck spek spezial spill spills spontaan spore sprak sprong staand staart
staate stacking staging stalking stall stam stamt standaard standen stapt stara starb stare stared staro starr starred
starrt starte starten startled startu starved stary stat stated statements stating staut stead steamy steck steilen
stelling stiel stijl stile stili stills stils stoer stoere stoje stoke stonden stones stored storen storey storie
stork stort stove stowe strade strafbaar strang strat streng strick stron strona strone stront strony strung stuart
ständen störe stört stücke stücks stünden subite subscriptions suce sucha suchej sucher sucho suchte suchten suchy
sucre suction sugars sugary suing suited suiten suites sujar sular sumar sunar supporta supportano supportata
supportato supporte supporti supporto surpris surprises susar suspende suspender suspendeu suture swatch swelling
swollen swords swore szare sähen säuft sünden tache tacked takken tallo taming tance tandy tanks taping tarde tarder
tarte taufen taxing tegen teiler teilten telegrama telegramm tellen tending tenes tenter tents terry tersten textes
textos thane thang thanos thans thee theil theke themse ther therme thesen theses thine thingy thorny thorough thrust
ticked tiete tingle tirade tiring tissues toda todas todes tomen tomes tongs tonnes tonos tonto tores totaal totes
toucher tours toying trace tracer tracing trad traded trades trae traer traffici traffico trafic trager traje trame
trank transfere transferi transferindo transfers transfert transferu transportando trapper trase trate trates traue
trauen trauer traust trave travers trawe traze trazer treading treason treffe treffend treffens treffer treffern triad
tricking trieb trier trink trite troffen trost trough trucking truest truss trustee trusts trusty tryin tunes twink
tying tägliche uhren uitte ulster unding unger unii unload unlocks unserm unsern unsre unsrer unsur unsure untere
unterm untern unters untill updaten uploads urgente urgenti usina usine util uur vacance vache vacht vali valia valida
valide validi valido valio valiz valles vallo valls vance vaten veder vegen velden vele venden vendite verden
verdienste verdienten verdiepen verdwenen verfahrens verführen verificacion verifications verifie verifier verifiez
verily verity verleiden verlobung verlängert vermeden vermeide vermeidet vermelden vermieden versandt versank versant
vetter vetting viale vide videosu vider videro vides vidro vidros vielem vieler vielle viene viens vies vieze ville
vimeo vince viole visait viscount visie visita visite visito visits visten visti vitro vliegt vollen vooraan vorder
vorfahren vragen vriend waage waait waan waar waard wache wachen wacker waere wailing waite waiter waitin walled
wallen waller wallets wanda waned wanne wanny warden warnings wartest wartete warty wasch watcher watchers
wateroverlast wazna weakly weave weben wedden weeds weekendu weekendy wegens weges wehre weiber weicht weiden weiger
weigh weighs weighty weiher weile weiler weinen weiner weiser weite weitem weiten weiters weites weitet weithin weken
wellen wending wendung werben werdens werder werds weren werken werkend werking werks werpen werter wertet werth
wertung werven weten wetting wever wezen whacked whatsoever whine whipping whiter whiting wicht widder wideo wider
wiegen wiegt wiele wiener wiese wiesen wieser wight wilder winger wingers winna winnen winzer wiring wirte wisten
witches withdrawals withdrawn withdraws withdrew witte woerden wogen wojen woken wolken wolle wolven womens wonen
wording workings wormen worms woud woulda wouldn wound wounds woven wrapper wright writ wucht wuerde wunde wurdet wwe
wöchentliche wörth würds würth xetra yaa yards yates yearning yeats yegen yerden youtuber youtubie zacht zahlst zahlte
zahlten zalen zarte zarty zaten zegen zehen zeilen zelden zenden zending zicht zmusic zollen zones zorgen zucht
zugangs zuruck zuur zwaar zähle zählung äther агент адлер балансе белов боинг бонус валить ванна вели ветер видео
визит висит ганди гарри группе диплома инвестор интер казино калия камера капитал карте класс ковер компьютер контакт
контакте контент кредит леви лежит лимит луки маркетинг матч миллион монтаж оператор ордер оригинал пакет партнер
партнёр паспорт перри платформ премиум пресс приват профессор профиль пункт ракет рецепт секрет сервер сервисе сигнал
солист социал старт стиль трансфер трик финал фоне хакер чек шаге шаги шаре`;

export const confusableWords: ReadonlySet<string> = new Set(words.trim().split(/\s+/));
