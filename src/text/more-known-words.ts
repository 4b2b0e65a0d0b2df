/**
 * More words that are common in messages, spam or not; counted in the training parts and in chats, and those of spam since 2020 added
 * by hand. See known-words.ts.
 */
export const moreEnglish = `
ability abroad absolute absolutely abt academic acc accent accepted accidentally accomplish according accordingly
accounting accurate achieve act acting activated active activities activity actor actors actual adam add admin admire
admit adorable adults advanced advantage adventure affect affection affiliate afford afraid africa aft afterwards
agent ages agree agreed ah aha ahh airdrop airport al alan album alex algebra algorithm algorithms alien aliens alive
allah allergic allow allowed allows along alot although amen america american americans ami amt anatomy android animal
animation anime ankle anniversary annoying anonymous ans answered answering anxiety anyways anywhere apart apartment
apparently appear applications applied applying appointment approved apps ard areas argue argument arizona arms
arrested article articles artificial artist artists arts asd asia asian aside aspect ass assignment assignments
assistant assume assumed assuming atlanta attached attack attend attitude audition august aunt australia ave avengers
average aware awful awhile awkward aww babies background backlinks backwards bacon bags bak bake baked baking ball
bands banks base based basement basic basically basics basketball bathroom batman beach beans bear bears beast beat
beauty became becomes becoming beef begging begin beginning behavior behind bell ben beneficiary benefit benefits
besides betting beyond biased biggest bills binance binary bio biology bird birds birth bishop bka blame blank blast
bless blessed blessing blessings blind blocked blog blonde blood bloody blow bmi boat bodies bomb bone bones boo
booking books boom boosting born boston bot bottle bottom bowl boyfriend boys brain brains branch brazil brb brd bread
breakfast breaking breaks breath breathe bright brilliant bringing broke broken bros brothers brown btw bubble bubbles
bucket bucks bud buddy budget bugs build building buildings built bunch burger burn butt butter button buyer byu cafe
cakes calculation california calm camp camping campus canada candy canyon capable capital captain carding cards career
careful carefully caring carlos carolina carry cars cartoon cashback cast catching caught caused causes cbe celebrate
cem centre certain certainly certificate challenge challenging chances changes changing channels character characters
chase chatting cheaper cheat cheating cheese chemistry chick chicken child childhood children chill chinese chip chips
chocolate choices choir chose chris christ church circle cities citizen classes classic classical clay cleaning clear
cleared clearly clever cliff climb climbed climbing clip clock closer closes closest clothes clubs clue coast cock
coding coin coinbase coins collected color colors combination combined comedy comfort comfortable comics commercial
communicate communication companies companion compare compared compensation compete competitive complain complex
complicated computers concept concepts concerned condition conditions conference confidence confident confirmed
confused confusing connected connection connections consciousness consequences consider considered considering console
constantly contacted contest continue control convenient conversation conversations convince cooked cookie cookies
cooler core corn cornwall correctly cos costa count countries country counts courses cousin cousins covered cow cows
coz crack crap crash cream create creating creative creatures creep creepy cried cruise crying csu cud culture
cultures cum curious current cutting cuz cyber damage dances dancing dangerous dare dark dat dated dates daughter
death debate december decent decision decisions dedicated dedication def define definitely degree degrees delay
deleted delhi delicious deliver demand dental department depend depending depressing depression depth derek describe
desert deserve design designed designing desire desk despite dessert destroy detail determine develop developed
developing development device dey dial dick dictionary died difference differences differently dignity din diploma
direction dirt dirty dis disagree disappointed disappointing disc discord discover discovered disease disgusting dish
dishes dislike disney distance distracted diverse diversity dnt doc documentary dom don donation doors dope doubling
doubt dough downloaded dragons drama drawing dress dressed drew drinking driven drives dropped dropshipping drove drug
dry ducks dumb dun duty dying easier easily east eaten ebay economics economy edge editing education effect effective
effects efficient effort eggs eh ehe eight ekd elder electric electrical electricity elementary elephant elsewhere
emails embarrassed embarrassing emotion emotional emotionally emotions emphasis employees empty energy engaged
engineer engineering english enjoyable enjoyed enjoying entertaining entire entirely envelope environment episode
episodes ern error escape essays essential essentially estate etc europe eve event events eventually everywhere evil
ex example excellent exchange excited executive exercise exhausted exist existed existence exists expect expected
expecting experienced experiences experiment explain explicit explore explosive expression extreme extremely factor
facts fail failed fails fair fairly faith falling familiar families famous farm fascinating faster fav favor favorites
favour faz fdp feb february feed feelings fees feet fellow fiction field fields fifteen fighting figured fil filled
filling finals finance financial finding finishing fire fish fishing flag flash flavor flies flight flip flo floor
florida flower flying focus focused focusing followed foods foot football force forced foreign forest form forth forum
forward four fourth france fraud freak freaking freedom freeze freezing french fresh freshman fri fridge fried
friendly fries frm front frozen fruit frustrated frustrating fully function functions fund furniture fxn fyi gain
galaxy gaming gaps garden gate gbs gd gear gee geh general generally generation genius genre gentle gentleman gently
george german germany ghost giant girlfriend giveaway glass glasses global goals golden golf goodbye goodness gorgeous
gosh gospel gossip gotten government govt grade grades graduate graduated graduating graduation gram grammar grandma
grandpa grandparents granite granted graphic grass grateful grave gravity greatest grew grocery gross ground groups
grow growing grown gud guessing guide guild gummies guns gym ha habit habits hacked hacker hacking haf hah hall
halloween halls handed hands hang hanging hardcore harder hardest hardly hardware harry hated hav hawaii headed
heading headphones heads health healthy hearing heat heaven heavenly heck hee heh height helen helped helpful helping
helpline helps heritage hero heroes hes hide higher highest highly hike hilarious hill hint hip hire historical
history hitting hmm ho hobby hole holy homeless homemade homes homework honestly honor honors hook hooked hookup hop
hopefully horn horror horse horses hotel houses housing hrs human humans humble humor hun hundred hung hunger iam
icloud idaho ideal ideas identity idk ifw ignore illness image impact impossible impressed impression impressive
improve inch include inclusive incoming increase incredible incredibly indeed independent index indian individual
industrial industry infinity influence informed inheritance innings insane inspired inspiring instructions instrument
instruments intelligence intelligent intense interact interest interesting interests international intro invested
investing investors involved ipad iphone iron ish island islands issue issued italy item jack jackson james jane japan
japanese java jay je jealous jelly jenny jesus jiu john jokes jordan judge juice july jump jumped jumping junior jus
juz keeps keyboard keys kick kidding kill killed killer killing kills kindly kinds kitchen knock knowing knowledge
known knw kong korea korean labs lack lame landed landing lands lane language languages lar large largest las lately
latin latter laughed laundry laws lds leader leaders leads league learned learning lecture led legend legit legs leh
lei lemon length letter letters letting level levels licence lick lifetime lifting lightly lights lik likely liking
lily limit linear lines linux listened lit literally lived load location locations lock log logic logical logo lol
london longest lookin loop loose lor lord loses losing loud loudly lounge lower loyal luckily luv lying mac machine
machines magic magical mah main mainly maintain majority majors makeup mall manage managed management manager margaret
marriage married mars marvel maryland mass massive master masters matched material math mathematics matters mdr meal
meals meaningful meanwhile measure meat mechanical med media medicine medium mega meh melody memes memories memory
mental mention mentioned menu messaging messed messenger messing metal metamask mexican mexico michael microsoft mid
middle mile miles military milk millions min minds minecraft mini minimum minor mint miracle mission missionary
missions mistakes mixed mmm models modern moments moms mon montana moon moral mothers motivated motivation mountain
mountains mouth moves moving mrt msg msm multi multiple murder muscle musical mut mutual muz na named nap nasty nation
native natural naturally ne nearby neat nebraska necessarily necessary nee negative nervous networking neural newest
nights nine nitro nix noe noise non norm normally north northern nose note notes noticed nowadays nowhere npd nsu ntv
nuclear nudes num nurse nursing nutrition nuts nvm nxt ny nyc nyt oakland object obsessed obvious occasionally ocean
october odds offended offered officially oh ohh ok older oldest omg omw oni onlyfans oof ooh ooo opened opening
opinions opportunities opposite option options ordered oregon organic organization originally oso outstanding outta
overall overcome pages painful paint painting pair paired pants papers parent paris parking parks participate
particular particularly parties parts passion passionate passport pasta paste path patient payday pays peanut pending
peoples perfectly perform perhaps period periods perry personality personally perspective pets phase philosophy
photography phrase physical physically physics piano pie piece pieces pig pigs ping pink pissed pitch placed planet
planets plant plants played plays plot pls plz pm poem pokemon pole political politics pool population portal
portuguese positive possibility possibly posts potato potatoes potential potentially potter powerful powers ppl
practically practice pre prefer preference premium prep prepare prepared presale president pressure pretend prevent
previous prey prime principles privacy pro processed produce product productive products professional professor
professors program programming programs progress projects prom prompt proof pros proud provide provided proxies
psychology public pull pulled pulling pumped puppy purchase purple purpose purse pursue push pushed pushing puts
putting python qatar queen quickly quietly quit quote race rack railway raise raised random range rank rare rarely
rated react reaction realistic reality realize reasonable reasons receipt recognize recommend recovery reduce referral
refinance refunds regardless regular regularly relate related relation relationship relationships relaxing release
religious rem remains remembered remind reminds remote renewal reported require required requires resources respect
respond responding response responses responsibility responsible restaurants results resume retired returned returns
revealed rice ride ridiculous riding rights rings rip river roads roast robots robux roger roll rolls romantic
roommate rooms rough route royal rtl rude ruin rule rules rum runner runs russia russian sacrifice sadly safety sailor
salad salt san sand sandwich sandwiches santa satisfied sauce saving scale scam scare scary scene sch schedule
scholarship scholarships schools sci science score scores scout scratch screen screw seasons seat seattle sec seconds
secrets section seem select sells semi sen sends senior sense sentence sentences separate sept series serve served
server serving setting settle settled seven several shame shape shaped shared sharing shd sheep shell shift ship
shipment shipping shirts shock shoes shoot shooting shortly shot showed shrimp shut siblings sides signal signals
signed significant signing silly silver sim similar singing sisters situations size sjw sketch skiing skill skills
skin skins skip slap slide slightly slower smaller smart smarter smell smells smith smooth snack snap snapchat soccer
society sociology soda soft softly software solar sold solid solo solution solutions solve solving someday somehow
somewhat sooner sore sorted sorts soul sounded soundtrack source southern spain spanish speaking speaks species
specific specifically speech speed spelled spelling spending spicy spider spirit spiritual spl split spoiled spoken
spot spots spread spring square stable staff stage stairs stake staking standards standing stands state states
statistics stats stayed steak steal steam stem step steps stick stocks stomach stone stopped stops stores stories
straight stranger strangers stream strength stress stressed stressful string stronger structure struggle struggling
stuck student students studied studio subject subjects suck sucked sudden suddenly suggest suggestions suit suite
suits sup superhero supervisor supply suppose surgeon surgery surprised survey survival survive swap swear swim
swimming switch switched switching swt symbol systems table taken talent talented talked talks tall tape taste tastes
tasty taught taxes taxi tbb tbh teacher teachers teaches teaching teams tears technical technically technique
technology ted teeth telephone tells temp temple tend tennis tension term terrible terrified terrifying tesla testing
tests texas texture thanksgiving theater theatre theories theory therapy theres thin third thk tho thoughts thousand
thousands threats threw throughout throw throwing tht thus tight tiktok til tiny title titles tja tmr toilet tom ton
tons topic topics tour tower tracking trader traders trading trail trained transport trash travel traveled traveling
trees trek trick tricky tries trips truck truly trump turned turning tv twin types typical typically typing ugh ugly
uhh ultimate ultimately umm unable uncomfortable understanding understood unfortunate unfortunately uni unique united
universe university unlock unusual upset ur ure urn usa useful username uses usf utah vacancy vacation valley valuable
value values vanilla variety various vary vegas village virginia virtual vision visited visiting vodka voicemail
volleyball voting wage wah waking wales walked walks wall walls walmart wan wanting ward warning wars washington wat
watched wave waves wax ways wbu wdr weak wear wearing websites wed wedding west wheel whoa whoever whose wicked wid
wide wif wig wil wild window windows wings winter wisdom wise wit withdraw withdrawal wiv wolf wondered wonders wood
wooden worked workout worlds worst wot wrist writing written wrote wtf wun xxx ya yan yar yard yay yea yearly yellow
yep yo york younger youngest youth yrs yun yup zdf zero zone zoom`;

export const moreGerman = `
abgelaufen abgeschafft abhängig ablehnung abschiebung abstimmen abzug ach adolf adresse afd affen aktiv akzeptieren
alice alkohol allzu amerika amerikanische amtes andre andreas angeboten angehörigen angela angenommen angerichtet
anhänger anlage ansehen ansprechen antifa antworte antwortet anwalt anwälte anzeigen araber arabischen argumentation
armen aufgabe aufgebaut aufgefallen aufhören aufmerksamkeit auftreten auschwitz ausdruck ausweis axel balken bande
banken bastard beamten beantragen bedanken beginnen begriffe beifall bein beitrag beitritt bekannten bekomme bekämpft
benennen benutzen benutzt beobachter beraten beratung berichterstattung beruf bescheid bescheuert beschweren
beschäftigen bestehen bestellt bestellung bestätigt besucher besucht bewegung biete bischof bitten blockiert blut
brandt brauche brauchst bruder brüder bullshit bundestages bundeswehr bzw bücher cdu christlichen christoph claudia
demonstration derart dezember dialog diesmal dietrich digitalisierung diktator ding dingen dortmund drehen dritten
drohen druck dämlich düsseldorf echter ehrliche einfluss eingegangen eingesetzt eingestellt einheit einloggen einsetzt
einstellen einstellung einzig empfehlen empfänger energie enorm entdeckt entfernt enthält erbe erdogan erfolgt
erforderlich erfunden ergebnisse erik erika erinnerung erotik erreichbar ersetzen erstaunlich erwarte eröffnet esse
fahrer faktor fand fangen fassen feststellen finanzminister findest fischer flagge flughafen folge fraktion franz
freiburg freier freies freiheiten fritz furchtbar fährt fällig führerschein fünf fürchten gab gabriel gast gebaut
gedacht gedanke geeignet gefahren gefährlicher gefühl gegangen geholfen geholt gekauft gekämpft gelegenheit gelogen
gemeinden genehmigt genossen genügend genügt georg gerhard gerät gesamten gescheitert geschenk geschenkt geschickt
geschützt gesellschaftliche gespannt gesprochen gestanden gestört gesucht getroffen getötet gewinnt gezielt gezogen
geändert glas glaubst gleichberechtigung güte halb halbe hartz heiko heimatland heinrich helden herkommen herren
himmel hinten hinterher holt homo hundert höcke hürde identität inkl installieren interessante irgendeiner irgendwo
irre isis israelischen jagen jahrhundert jahrzehnten jemals josef juni jüdischen kampagne kanal kapitalismus kapitel
karl kassieren kennst kindergärten kita klappe klaren klaus klingt kollege komme kommenden kommentar kommst konsequent
konsequenzen konzept konzerne kostenlose kreditkarte kreuz kriegst krim krone kulturen kunst kurz kämpfe könig körper
landwirtschaft lars lautet lebenden lebens lehnt leiden leipzig leyen liberalen liefert lindner lust löhne löschen
lösen lügt maas mag mai mandat markus martin matthias maurice mecklenburg meldet menschheit merkel merkels missbraucht
mitarbeiter mitbekommen mitleid mitternacht moderatoren monate monatlich märz möglichst müde nachdem nachfrage nahen
nahezu naiv naja nationalismus nationalmannschaft nato nebenverdienst neger neonazis nervt neumann nich normale
nürnberg oktober orden organisationen palmer papier pegida pest pflege pflicht plattform plötzlich privat
produkttester programm projekt prozess präsidenten putin rahmen rathaus reagieren rechnen regel reiche reichen rendite
richter riesen roth ruft ruhrgebiet rund sachsen sah samt schach scheinen scheitern schenken schlampe schlüssel
schmidt schneider schneller schrift schritt schröder schuhe schulz schwarzer schweden schweizer schweren schäden
schönste sechs seehofer seitdem seiten selben selten senden sicheren sicherer sieg simone singt soeben sofortkredit
sorge sozial sozialdemokraten spd sperre spiegel spinner spitze spruch stefan steh steigt stein steiner steinmeier
stell steuer stil stinkt stoppen strategie stürzen sucht syrer tagesschau tagesspiegel teilnehmer texte tipp tisch
treiben treu trinken trägt tschüss typ türke ueber umfrage umgehend umso umsonst unfall unterricht unterstützer
unterwegs ursachen urteil verarschen verarscht verbindung verdammt verfolgen verfügbar verfügung vergleich vergleichen
verifizieren verkauf verlangt verliert verlängern vermeiden vernichten vernichtet vernünftig verpasst verrät versand
versprechen verspricht verständlich vertrag verwechselt vllt volksbank volle vorbereitung vorm vorsicht vortrag vögel
wandern warnung wartet wehe weist wende wetten wichtige widerspruch wien wobei wohlstand wohnungen wunsch wusste
wünscht wünschte würdest zahlt zahlung zauber zehn zeig zitat zollgebühr zufolge zufällig zuhause zusammenleben
zustand zuvor zwang zweimal zweiter zwingend zählt ärgern öffnen österreichische überweisen`;
