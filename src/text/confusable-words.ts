/**
 * Words of English, German and other languages that would be read as words of spam, as one edit or one letter less makes one of them. From
 * the word lists of npm (`an-array-of-english-words` and those of German, French, Spanish, Italian and Portuguese, MIT) and the project's own
 * ham messages; they stay what they are where the rest of the message is no evidence.
 */
const words = `
aachen aah aal aalten aan aard aart aas abende abetting abgelaufene ablage abmelden abnehmer abort abouti abrufen
acces accesa accese accesi acceso accesos accessi accesso acht acker activates activite adlers admins admis adressee
adressen adresser adresses adreste adulta adulte adulti adulto afdler afer affiliated affiliates affiliati afinal agen
agenta agente agenti agresse ahlen ahnen aided aient ailes airing ajout alder alerta alerte ales allees alleys allies
allo alls alpes alster alves amazone amend ames amin amministrare amon amont ample andy angebots angelaufen anke
anklage anlagen announcements anrufe anrufer ansage aout appel appele appli applikation approves aptly arder argent
argumentando arles armin arte arter artes artikeln artikels arty asino assistante assistants assistent aster aten ates
atout attempts attentions auctions aufeinanderfolgenden auferstanden aufzubewahren augustinus auktion ausweise
ausweist auszählung avait avert avoids avoir avond awaits awards axles baan baar backed backer backing baiting balanca
balanced balancer balances balanco baller balles ballo banding bandy banging banning barking basking batches baten
bates batte batting beater beete befreit befund befunden beging beglichen behandlungsmethoden beinen beitrags beitrug
belastbare believer believes bello belo belos belting benden bending beneficiar beneficiare beneficiari benommen
bequest bereft bereist bereite beret bereut beriet bering berry beschenkt bester bestätige bestätigte bestätigten bete
beter betrag bette betten bettes bettina bettler betätigen betätigt betätigung beute bever bevo bidder biegt biene
biere bieter bilde bildern bildes billionen binder binen biner bing birthdays biste bitcoins bitt bitten bittet bitti
blass blesse bleus blicke bliebe bling bliss bloss boasting boeing boete bogus bolder bonds bonos bons booting bords
borgen bothers botte boucher bounds brad braid bran branche brandi brando brands brane brani brano brans brant
brauchte brauen breach bretter brice brite brust bruttoinlandsprodukt buche buchen bucht builder bunde bunter butte
bülow caben cache cadera caera callar callers calles calmer calming calms camara cameras camere camino cancela
cancellare cancelo cancels canna capita capitale capitali capitalisme capitals capitan capitao capitol caras carbs
carcel cardine carino caros carte carts carving casera casing casini casinos cassino caution cayera cebit ceder centen
chancen chancengleichheit chanel chante chargee chargees chargers charme charmed charmes charred charte charted
chartes chec checa checke checkt checo cheek chile chipping chock choses chover christianisme chuck ciele ciller claas
claes clair clam clams clans claps clase clases clasp classe classi classy claus claws cleave clic clica clicks clics
clocked clots clover coche cocked coffers coger coils coined coles collars collecte collections collects coller collet
colours combattono comers commend commenta commentando commentateur commentato commente commenti commento commet
commuter compensacion compleet complet completa completed completee completer completes completi completo complets
complexe compter compute computed computern condes cones coney confiam confidencial confidentiel confira confiram
confirma confirmando confirme confirmo confirms conform connecte consent considerando const contacta contacte contacto
contant contend contenta contente contenti contento contents contenu conter contestando contient conto controlando
convent cordes cords cores corny coser cotes coucher coudes coule cours coutent coven covert covet cracking cranking
crass crates credi crediti credito crick crypt cuite culling custom custos daad dacht dairy daisy dallo dames danca
danced danco dandy danken dankte danse dante danze dapper daring darlegen datent deans debat debi debia debil debio
debiti debito debut debüt decals deceive deceived deceiving decently decine decret deeds definem degen degne deixe
deixem dekan delas delit delivers dello dene depit depositi deposito deposits deram derry dese desen deute deutschem
dever devine deviner dials diebe dieben diede diele diene dienen diener dieren diesel diete difese diner dinners
diplom diplomas diplomat diplome directa directe directo directs discard discorda discordo discounts dise dishwasher
disse dissen disser ditte doable doble docked dollari dollaro domen donacion donante donare donated donates donati
donations donato doping dosing dotate dotation doubled doublee doubler doubles doubly doubting drawer dread dreamt
dreamy dresse dried dringen dringende drying duble duche dumber dummer dummies duros earring earrings eater ebnen
ebner edler eenden eerste ehh ehren eifer eigen eignen eigner eilen eimer einfache einher einsam einsamen einsamer
eisen eisner eiste eisten elden elected elles ello embers emery emil eminem empires ender endings endung enem enfer
enger ente enten entera entere entero enters entes entier entra entre entrer entri entro enver envoy erden erding
erhalte erhaltene erhaltet erich erick ernste ernsten ernte ernten eros erotic erros erstem erstes esclusive escorte
escorts especial esport este esten ester ether eures euter evers evert everyones exclusiva exclusives exclusivo
exemple exiting exklusive expandindo experiente experimentando expres extrae extras fache fachen faking falles fallo
fallow fands fantastica fantastici fantastico fantastik fates feder fegen fehl fehle fehlst fehlte feilen feinem
feinen feiner ferry ferver fetter fiance fideos fiele fiend fiese fiesen fieser finale finali financed financee
financer finanze finas finer firing firsts fist flick fliegt flocked flots focal fonds fones forem foren foret forst
fours fracking fragend fragten frange frapper fraude frauds freud freundes frick fright frist frust fuite funda funde
fundo fundos fundus funkt funktioniere funktionierte fusing futur futura futures futuri futuro futurs fühlt fürst
gaben gache gages gales galler galles gallo gamen gamers gamin gamine gamins gaping garantiere garantierte gares gases
gazing gears gebucht gebunden gebührt gecen geehrt geehrten geeks gefundene gegend gehakt geigen geilen geistern
gelehrte gelehrter gelen gelieve gemeldete genen generalprobe gent gentry genuina genuino gepackt gerada geraden
gerader gerado gerate gerede geride gerry gerson gerste gesehene gesehn gestehen gestein gesten gesuch gesuchte
gesunden gesundheitsministerium getter gewann gewannen gewinde gewinnern gewinnspiele gewonnene gicht gills giris
girly giros giveaways gluten goings gomes googled googlen googles grader graders grange grat grati gratos grauen
greats greis gremium greta grippe groep groupe grout gruppi gruppo guarantees guben gunter gusten gutscheinen gönnen
haalt haas haast haat habens haber hablen hablo hacen hacer hache hacke hacken hackers hackt hagen haien haken halben
halen halid halla halle haller halles hallt handys hanks hanna hanny harding hardy haren haring harte hasen hatch
hatches hatching haten hating haute hawker hawking heady heals hears heben hefte hegen heide heile heilen heime heiner
heise heiter helio helle helling hells herablassend herbeizuführen herden herhalten hering herrlichen herzliche
herzlicher herzliches heurte hile hippy hirst hoben hocker hoden hohen hohlen holden hollow holten hooking hookups
horen horne horno hors horus hound hounds housed houve hoven hufen hummer hunter höcker höschen ideals identifie
identifiee identifiers identifies ieder ight ills impersonation imply importan importante importanti importants
incasso ince incest incite incited incomes inen iner informacion informando informations ingest ingles inline inloggen
insa insere installierten instar insupportable intentando inter inusual inventando inventor inventors inversionistas
inves investe investi investierten investindo investir investments invests inviate invita invitee inviter invites
inviti invito invoices inzest ionen irade irem iren irrer isses issuer issuers issus isten jaa jacht jacked jacking
jello jeter jetz jever jingle jochen joden joints jours jugar juros kackt kahle kahlen kanns kante kapital karate kare
karre karta kartce kasino kaste kauen kauften keder keene keime kerne kerry kichern kisten klaar klickt klik klinke
knackt knick koennte koffer koffers komen komet komma kommts kompensation komt kongo konntet kont konta kontakten
kontor konus koste kostenloser kostete kredi kreditkarten kress kriegs krijgt kummer kund kunnen kunze kurde könne
könnens lache lacked lading lames lance lasen lasten latch laten latent lauft laute leaking leale leans leaping learns
learnt leary lease leasing leber lebte leder ledit legat legia legst legte lehen leibe leinen leisen leit leite leiter
lending lenen lente leren lesben lesens leser lesern lessen leste lester lette letzt letztem lever liber licked liebes
liebte lieder lieg liege liegst liet liever liften ligt limita limite limitee limiter limites limiti limito lister
listes listet litro litten llave loading loca locale locali locals locas locke locken locker locket locking logan
logen logis lokal longs lookup looming looping loosing looting lords lorry lovin lucht lucy luft lugar lumber lute
läufe läufts lösche lösten macha macher machern machin machs machte machten machts macken mahlen maine mallet malls
mames marche margen marte marty masche maschen massages matchen matchs maten mating matsch mayday meche meide meiden
meidet meile meilen meinten meisner meldest meldete melken mello membres menden mending mene menen mener messaged
messager metter meute micht microsofts miele miene miese miesen mieser milden milder millon mills mince minen miner
mingle ministries minutos mitbegründer mithin moans moat mobil mobilen mobiler mobili moche mochte mocked modes mogen
moine molen mona monatliche monats monet mont monta montage montags montar monte montent montes monti monto montos
monts monty morder morgan mortgages moth moths mould mound mounds mouths movers mummies munde muros musi musica musici
musico mächte mädchens möcht möchtet nacen nachsicht nacional nackte nahmen namens naming nance nanna naped nappy
nasen nationale nationalisme nationals nciht nears neden negen nello netter netting nevel nevera nevertheless neves
neveu niche nicho nichte nickt niesen nigh niro nobile nocht nodes noia nomen nommer normaal notices noting
notwithstanding novia novice nubes nudel nudez nudos nues nukes numer nummern oates offert offerts offices offre
offres ollen ongs onus operador operato operatore operatori operators opfers orage orang orangen oranje orde ordem
ordern orders ordner ordre origina originale originali originals originel orth otters outen pacht packaged packages
packer packet packt padded paints pakket pakte pallet panna panty papal parce parcela parcels parel parity parry
parson partikel partly partnern partners partys passeport passiv passiva passiven passiver passivi passivo passports
pasty patches patching paten pates patty payent payer pears pease peder peints penning perdon perfecta perfecto perky
permeability perra perro perron perso persona persone petting peuple phare photon photons pickel picken picker picket
pickled pilas piles pille pillo pince pints pisten placer planer platforms playlists pleading pleas pleases plomo
plots poche pochen podes poing poings pointe pointes pointu pointy pollen polls ponds pone pones poney ponto ponts
porty postet poten potent potenza potenze pottery prace precis predit prefect preferindo preist premiums pres presa
presas prese presentando presi preso presos pressa pressi presso prets prevale preview prezes priced pricey prick
prides prie pries priez primate primes primo prints pris prise prises priva privata privatem privaten privater
privates privati privato prive prives prized probo processor productoras profesor professora professore professori
professur profi profiled profilen profiles profili profilo profils profis profite profites progettata programmeur
projecto projet promi prominenter promos proms promu prone protestare proto prototypes provate provo prozessor prying
publicando pulls punk punks punkto punt punter puros quack questionando quirk rabat rabatte raben rachen racked
racking radler rady ragen rages raked raking rally rames ranging rankings ranting rapes rappel rappen rappers rares
ratas rating rational ratos rauche rauen raves reaktiviert realistisches realty rebote receiver receives recente
recenti recents recept recordando recover recovers rectal reddy reeds reeks referrals regent registar registers
registrations registre rehen reichs reinem reinen reis reite reiter relieve remate remembers remete remonte remota
remoti remoto renard rendete rendit rendita renditen renta rentals rentas repay repent replay repli replicas
representando representatif requests resale resch resent resister reste resten resultando retard retter revent rever
revier rhone richer richt ried rieder riese righe ripper rites rize roach roche rocked rollen romo rotes rother rouse
roux rovers ruche ruhen runen rusted saale saat saben sacht sacked sacking sahen sains salari salles samen sandy saten
sche scheck scheiben schell schen scher schere schicker schickes schickte scho schob schock schoen schone schont schot
schrei schreibens schreiber schreie schrein schreiten schrieb schrieben schuf scion scots scure sealing seals sears
seche secher secreta secrete secreto secte secured secures securite seeded seeks sehne sehnen seide seien seife seile
seilen seins seita seize sekret selen sella sello semen sendern senken senkung sente sentry seren serrer servem
servern serves serveur servez serviced servico servicos servie servir servire servise servite serwer sette setter
setzte seuche seuchen sever shade shaking shale shank shanks shard shares sheen shelling shingle shingles shipments
shire shone sichel sicheres sichert sicherte sicker sicure sieber siegt sigle signale signales simit sinal singe
singes singla singled singole sings sinner sinners sipping sitte skies skipping skips skis skits slayer slick slipping
slits slot sloth slows sluts smalls snare snows soaking socia sociale sociali socialisme soest sofortiger soins sonate
sonden sonntage sonntags sorri souche sparkassen spear speciale speciali specialisee specialita specials specialty
speck spek spezial spill spills spore sprong staate stacking staging stalking stall stam standen stara starb stare
stared starr starred starrt starte starten startled starved stary stat stated statements stating staut stead steamy
steck steilen stelling stiel stile stili stills stils stoke stones stored storey storie stork stove strade strang
strat streng strick strony strung stuart ständen störe stört stücke stücks stünden subite subscriptions suce sucher
suchte suchten sucre suction sugars sugary suing suited suiten suites sujar sumar supporta supportano supportata
supportato supporte supporti supporto surpris surprises suspende suspender suspendeu suture swatch swelling swollen
swords swore sähen säuft sünden tache tacked tallo taming tance tanks taping tarde tarder tarte taufen taxing tegen
teiler teilten telegrama telegramm tellen tending tenes tenter tents terry textes textos thane thang thans thee theke
themse ther therme thesen theses thine thingy thorny thorough thrust ticked tiete tingle tirade tiring tissues toda
todas todes tomen tomes tongs tonnes tonos tonto tores totes toucher tours toying trace tracer tracing trad traded
trades trae traer traffici traffico trafic traje trame trank transfere transferi transferindo transfers transfert
transportando trapper trase trate trates traue trauen trauer traust trave travers traze trazer treading treason treffe
treffend treffens treffer treffern triad tricking trieb trier trink trite troffen trost trough trucking truest truss
trustee trusts trusty tunes twink tying tägliche uhren uitte ulster unding unger unload unlocks unserm unsern unsre
unsrer unsure untere unterm untern unters updaten uploads urgente urgenti usina usine util uur vacance vache vali
valia valida valide validi valido valio valles vallo vance veder velden vele venden vendite verden verdienste
verdienten verfahrens verführen verificacion verifications verifie verifier verifiez verily verity verleiden verlobung
verlängert vermeide vermeidet vermelden vermieden versandt versank versant vetter vetting viale vide vider videro
vides vidro vidros vielem vieler vielle viene viens vies ville vimeo vince viole visait viscount visie visita visite
visito visits visten visti vitro vollen vorder vorfahren vragen vriend waage waar wache wachen wacker wailing waite
waiter walled wallen waller wallets wanda waned wanne warden warnings wartest wartete warty wasch watcher watchers
weakly weave weben weeds weekendy wegens weges wehre weiber weicht weiden weigh weighs weighty weiher weile weiler
weinen weiner weiser weite weitem weiten weiters weites weitet weithin weken wellen wending wendung werben werdens
werder weren werken werkend werks werter wertet werth wertung weten wetting whacked whatsoever whine whipping whiter
whiting wicht widder wider wiegen wiegt wiener wiese wiesen wight wilder winger wingers winna winnen winzer wiring
wirte witches withdrawals withdrawn withdraws withdrew witte wogen woken wolken wolle wonen wording workings worms
wouldn wound wounds woven wrapper wright writ wucht wuerde wunde wurdet wöchentliche wörth würds xetra yaa yards yates
yearning youtuber zahlst zahlte zahlten zarte zaten zehen zeilen zollen zones zucht zugangs zähle zählung äther висит
группе диплома класс лежит паспорт пункт рецепт сервисе`;

export const confusableWords: ReadonlySet<string> = new Set(words.trim().split(/\s+/));
