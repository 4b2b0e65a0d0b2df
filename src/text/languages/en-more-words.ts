/**
 * More words of English that are common in messages, spam or not; counted in the training parts and in chats, and words of spam since 2020
 * added by hand. See en-words.ts.
 */
export const moreEnglish = `
abandoned aberdeen abilities ability abroad absence absolute absolutely abstract abt abuse academic academy acc accent
accents acceptance accepted accepting accidentally accidents accomplish accomplished according accordingly accounting
accurate ache achieve acid act acted acting actions activated active activities activity actor actors acts actual adam
adams adapt add addicted addiction adding addition additional adds adjust admin administration admire admission admit
adobe adopted adorable adore adrenaline adults advanced advances advantage adventure adventures advertising advisor
affair affairs affect affected affection affects affiliate afford affordable afraid africa african aft afterwards
agency agent agents ages aggressive agree agreed ah aha ahh aint airdrop airplane airport al alabama alan alarm alaska
albert album alcohol alerts alex alexa alfredo algebra algorithm algorithms alien aliens alike alive allah allergic
allergies allow allowed allows almond along alot alternate although amanda amazed ambition ambitious amen america
american americans ami amongst amounts amt amused amusement analogy analysis analytics analyze analyzing anatomy
ancient andrew android angel angels anger animal animated animation animations anime ankle annie anniversary announce
announced annoyed annoying anonymous ans answered answering anthem anthropology anxiety anxious anyhow anyways
anywhere apart apartment apartments apologise apologize apparently appeal appealing appear appears apples applicable
applications applied applies applying appointment approach appropriate approve approved approx apps arcade
architecture archive ard areas argentina argue argument arizona arkansas arms army arrested arrival arrived arsenal
article articles artificial artist artists arts asd asia asian asians aside aspect aspects ass assembly assigned
assignment assignments assistant associated assume assumed assuming astronomy athlete athletic atlanta atleast
atmosphere attach attached attack attacked attend attending attitude attracted attraction attractive audience audio
audition august aunt aunts austin australia australian authentic author authors automated automatically autonomous
avatar ave avengers avenue average avid avocado avoiding aware awareness awful awhile awkward aww babies babysitting
background backlinks backpack backup backwards backyard bacon bacteria badge badly bags bahamas bak bake baked baking
ball ballet balloon ballroom balls banana bananas bands bang banjo banks banned baptized barclays bare barrier
barriers bars base baseball based basement basic basically basics basketball bass batch bathing bathroom bathrooms
batman batter battles beach beaches bean beans bear beard bears beast beat beating beats beautifully beauty became
becomes becoming beef beethoven began begging begin beginning begins behave behavior behind bein beings beliefs
believed bell beloved belt ben bench beneficial beneficiary benefit benefits bennett beside besides beta betting
beware beyond bias biased bible bids biggest bikes biking billed billing billions bills binance binary binge bio
biochemistry biology bird birds birth bishop bite bits bitter bka blame blank blanket blast bleach bleeding blend
bless blessed blessing blessings blew blind blink blocked blocks blog blonde blood bloody bloomberg blow blowing blown
blows bluff bmi boarding boat boating boats bodies bolivia bomb bond bone bones boo boobs booking books boom boost
boosting border born borrow bose boston bot bothered bots bottle bottles bottom boulder bounce bound bowl bowling
bowls boxes boxing boyfriend boys braces brain brains branch brandon brandy brave bray brazil brazilian brb brd bread
breakfast breaking breaks breath breathe breathing breed breeze brian brick bride bridge bright brilliant bringing
british broad broadway broke broken broker brooklyn bros brothers brown browser bruce brush brutal btw bubble bubbles
bucket bucks bud buddies buddy budget buff buffet bugs build building buildings builds built bulbs bummer bunch burden
burger burgers burn burned burning burns burnt burrito buses businesses butt butter button buyer byu cafe cage cakes
calculation calculations calculator calculus cali california calm calmly calories cambodia cambodian camp campaign
camping campus canada canadian canary candidate candy cannon canyon capabilities capable capacity capital caps captain
capture caramel cardiff carding cardio cards cared career careful carefully caring carlos carolina caroline carpet
carried carrot carrots carry carrying cars cart cartoon cases cashback cast castle casual casually catches catching
catchy category catfish cattle caught caused causes causing cbe celebrate celebration celebrity cello cells cem
centered centers central centre century ceramics cereal certain certainly certificate certified chain chair chairs
challenge challenges challenging champion chances chandler changes changing channels chapter character characteristics
characters charcoal charging charitable charities charity charles chart chase chased chasing chats chatter chatting
cheaper cheat cheating checks cheese cheesecake cheesy chem chemical chemicals chemistry cheque cherry chest chew chic
chicago chick chicken chickens child childhood children chill chilling chinese chip chips chocolate chocolates choices
choir choosing chores chorus chose chris christ christian chrome chronicles chunk chunks church cincinnati cinnamon
circle circuit circumstances cities citizen citizens citizenship citrus civil civilization claimed clark classes
classic classical classics classmates classroom clay cleaned cleaner cleaning clear clearance cleared clearing clearly
clever clicked clients cliff climate climb climbed climbing climbs clip clock clone closely closer closes closest
closing cloth clothes clothing cloud clouds cloudy clubs clue coach coast coat cock coco coconut codes coding coin
coinbase coincidence coins coke colder collapse collar collected collecting collector colleges colombia colony color
colorado colors combat combination combine combined combo comedy comfort comfortable comic comics commercial commit
commitment committed communicate communicating communication communications communist communities companies companion
companions compare compared comparison compatible compensation compete competing competitions competitive complain
complaining complaint complex complicated compliment composition comprehend computational computers computing concept
concepts concern concerned concerns concerts conclusion concrete condition conditioning conditions conference
confidence confident confidential confirmed conflict confuse confused confusing confusion congress connected
connection connections connects cons conscious consciousness consequences conservation conservative consider
considered considering consistent consistently console conspiracy constant constantly constitution construction
consume consumer consuming contacted contacts contemporary contest context continue continues contribute control
controlling controversial convenient convention conversation conversations convert converted convince convinced
convincing cooked cookie cookies cooler coolest coping cops core corn corner cornwall correction correctly corrupt
corruption cos costa costco costing costume costumes cotton couch council counselor count counting countries country
counts county couples courage courier courses cousin cousins covered cow cows coz crack cracked crackers crap crappy
crash crashed crashing craving crawl cream creamy create creates creating creation creations creative creativity
creature creatures creek creep creepy crew cricketer cried crime criminal cringe crisis critical crore crossing crowd
crowded croydon cruel cruise crunch crunchy crush crust crying cud cuddle cultural culture cultures cum cure curiosity
curious curly current curse curve cutest cutie cuts cutting cuz cyber cycle dads dallas damage damaged dana dancer
dances dancing dang danger dangerous dare dark darkest darling darn dat database dated dates daughter david deadline
deaf dealing dearly death deaths debate debating debit decades december decent decides deciding decision decisions
dedicate dedicated dedication deeper deepest deeply deer def defeat defense define defined definite definitely degree
degrees delay delayed deleted delhi delicious deliver demand denis dental denver deny department depend depending
depressed depressing depression dept depth derek describe described description desert deserve deserves design
designed designers designing designs desire desires desk desktop desperate despite dessert desserts destroy destroyed
detail detailed detect determination determine determined develop developed developer developers developing
development developmental device devices devil dexter dey diabetes dial dialogue dick dictionary died diego diff
difference differences differently difficulties difficulty digits dignity dimension dimensions din ding dining
dinosaur diploma direction director dirt dirty dis disagree disappear disappeared disappointed disappointing disaster
disc disclose disconnect disconnected discord discover discovered discovery discussing discussion disease diseases
disgusting dish dishes dislike dislikes disney disneyland display disqualified distance distinguish distracted
distracting district disturbing ditto dive diverse diversity divine diving division dnt doc dock docs doctrine
documentary documents doggy doll dolphins dom don donation donut donuts doors dope dorm doubling doubt doubts dough
downhill downloaded downloads downs downtown dozen dozens dracula drag dragon dragons drama dramatic drawing drawn
draws dreamed dreaming dress dressed dressing drew drinking driven driver drivers drives drone drones dropped dropping
drops dropshipping drove drug drunken dry dual duchess duck ducks dudes dull dumb dun dust dutch duty dwight dying
eachother ears easier easiest easily east easter eastern eaten eats ebay economic economics economy edge edgy edison
editing educate educated education eerie effect effective effectively effects efficient efficiently effort efforts
eggs eh ehe eight eighth einstein ekd elaine elder elderly election elections electric electrical electricity
electronic element elementary elements elephant eleven eligible eliminate elon elsewhere emailed emails embarrassed
embarrassing emergency emoji emotion emotional emotionally emotions emphasis employee employees empty encourage
endless enemies enemy energy engaged engagement engine engineer engineering engineers english enjoyable enjoyed
enjoying enjoys enrolled entertaining entertainment entire entirely entrepreneurship envelope environment
environmental epic episode episodes equal equally equations equipment equivalent ern error errors escape essays
essential essentially establish established estate etc eternal ethical ethics europe eve evenings event events
eventually everytime everywhere evidence evil evolution evolved ex example examples excel excellent exception exchange
excited excuses executive exercise exercising exeter exhausted exhausting exhibition exist existed existence existing
exists exit expand expect expectations expected expecting expenses experienced experiences experiencing experiment
experiments expire explain explained explaining explains explanation explicit exploration explore exploring explosive
exposed expression extended extent extinct extreme extremely faced faces facial factor factors factory facts faded
fail failed failing fails failure fair fairly faith falling false fame familiar families famous fans fantasies
farewell farm farther fascinated fascinating fashion faster fastest fate fathers fav favor favorites favour favourite
faz fears feat feature features feb february federal fedex feed feeding feelin feelings fees feet fellow fence fetch
fever fiction fictional field fields fifa fifteen fifth fifty fighting fights figured figures figuring fil filled
filling fills filter finals finance finances financial financially finding finds finger finishes finishing fire fired
fires firm firmware fish fishing fitness fits fixing flag flags flash flavor flavored flavors flew flexibility
flexible flies flight flip flipped flipping flo float floating floor floppy florida flow flower flowers flowing fluent
fluffy fluid flute flying focus focused focuses focusing fold folks followed follows fond foods foot football force
forced forces forcing foreign forest forests forgets forgetting forgive forgiven forgiveness forgotten fork form
format forms fort forth fortnite fortunate fortune forum forward foundation fountain four fourth frame fran france
francisco frankly fraud freak freaked freaking freaks freaky freedom freeway freeze freezing french frequently fresh
freshly freshman freshmen fret fri fridge fried friendly friendships fries frm frog front froze frozen fruit fruits
frustrated frustrating frying fuckin fuel fulfilling fully function functional functions fund funding funeral funk
funky funniest furniture fxn fyi gain gained gaining gains galaxy galileo gals gamer gaming gang gaps garbage garden
gardener garlic garments gate gates gather gathered gathering gauge gbs gd gear gee geez geh general generally
generals generate generated generation generations genes genetic genetically genetics genius genre genres gentle
gentleman gently genuinely geography george georgia german germany ghana ghost ghosts giant gibbs girlfriend
girlfriends giveaway glasgow glass glasses glitch global glorious glory gloves goals goats gods golden goldfish golf
goodbye goodness goods gorgeous gosh gospel gossip gotcha gotten government governments govt grabbed gracefully grade
grades grading graduate graduated graduating graduation graham gram grammar grandma grandpa grandparents granite grant
granted graphic graphics grass grateful grave gravity gray greater greatest greatly greece greetings grew grill
grilled grind groceries grocery gross ground groups grow growing grown grows growth guard guardians gud guessed
guesses guessing guest guide guild guilty gummies guns gym ha habit habits hack hacked hacker hacking haf hah hahahaha
haircut hall halloween halls halo hamilton hamster handed handful handing handling hands hang hanging hannah happier
hardcore harder hardest hardly hardware harm harry harsh harvard harvest hashtag hated hates hats hav hawaii hawaiian
headache headed heading headphones heads heal healing health healthcare healthier healthy hearing hearts heat heated
heaven heavenly heavily heck hee heels heh height heights helen hella helped helpful helping helpline helps hence
henry herbal heritage hermione hero heroes hes hesitation hidden hide hides hiding higher highest highlights highly
highschool hike hikes hilarious hill hills hint hip hipster hire hired hispanic historical history hitler hits hitting
hmm ho hobbies hobbit hobby hockey holds hole holes holidays holland holy homecoming homeless homemade homes hometown
homework homie honestly honesty hong honor honors hood hook hooked hookup hop hoped hopefully hopes horn horns horror
horse horses hospitals host hostel hotel hottest hourly houses housewives housing howard hrs hulk hulu human
humanitarian humanities humanity humans humble humid humidity humor hun hundred hundreds hung hunger hunt hunting
hurting hustle hymns hype hyped hyper hypothetical iam iceland icloud idaho ideal ideas identified identify
identifying identity idk ifw ignorant ignore ignored ignoring ikea illness illustration illustrator image images
imagination imagining immigration immortal impact implement implications importance impossible impress impressed
impression impressive improve improved improving inbox inception inch incident incl include included includes
inclusive incoming incomplete inconvenience incorporate increase increased increases increasing incredible incredibly
indeed independence independent index indian indiana indians indicate indie indigo individual individuals indoor
industrial industry infinite infinity influence influenced influences informed ingredients inherently inheritance
initially initials injuries injury inner innings innocent innovation input insane insanely insert insights inspection
inspiration inspirational inspire inspired inspires inspiring insta installing instance instant instantly instructions
instrument instrumental instruments intellectual intelligence intelligent intended intense intent interact interaction
interactions interest interesting interests interface intern internal international internship internships
interstellar interviewed interviews intimidating intrigued intriguing intro introduce introduced intuitive invaders
invent invented invention invested investing investors invisible involve involved ipad iphone iphones ireland iron
ironic irritating ish island islands issue issued italy item items itunes ivory jack jacket jackson jade james jane
japan japanese jarvis jason java javascript jay je jealous jeans jedi jeep jeez jelly jenny jerk jerry jess jesus
jewish jiu joanna john joining joint jokes jolly jones jordan joseph judge judgement judging juggling juice juicy
jules july jump jumped jumping jumps junior junk jus justice justin juz kappa karaoke kart katy keen keeps kelley kent
kerala ketchup kettle kevin keyboard keys kick kicked kicking kickoff kicks kickstarter kidding kill killed killer
killing kills kilos kindly kindness kinds kingdom kings kissed kisses kitchen kitty knee knees knife knight knock
knocked knocking knowing knowledge known knw kong korea korean koreans kyle labor labs lack lacking lacrosse ladder
lakes lame landed landing lands lane language languages laptops lar large larger largest las laser lasted lasting
lasts lately latin latter laughed launching laundry lauren lawn laws lawyer layer layers laying lays lds leader
leaders leadership leading leads league lean leaning leap learned learning leash lebron lecture lectures led leftovers
legal legend legendary legends legit legs leh lei lemon lemonade length letter letters letting level levels liberty
licence license lick lied lifestyle lifetime lifting lifts lighter lighting lightly lightning lights lik likely liking
lily limit limiting limitless limits linear lines linguistics linux lion liquid listed listened listens lists lit
literal literally literature lived liver liverpool lmfao load loaded located location locations lock locks log logged
logic logical logo logos loki lol london loneliness longest lookin loop loose lor lord loser loses losing lotion lotta
loud loudly lounge lousy lovers lower lowest loyal lucas luckily luke lung lungs luv lying mac macbook machine
machines macho madrid maga magic magical magically mah mahal mailbox mails main mainly maintain maintenance majority
majors maker makeup makin malaria malicious mall manage managed management manager managers mandarin mango manipulate
mankind manual maple marathon marching margaret margin marine mario marriage married marrow marrying mars martial
marvel mary maryland mascot mashed mass massive master masters matched matching material materials math mathematical
mathematics matrix matt matters mature matured maximum mayer mcdonalds mdr meal meals meaningful meanwhile measure
meat mechanical med media medication medicine medieval meditation medium meetings meets mega meh melody melt melted
meme memes memorable memories memorize memory mens mental mentality mentally mention mentioned mentor menu messaging
messed messenger messing messy metal metamask methods mexican mexico michael microbiology microsoft microwave mid
middle midterm mike mile miles military milk mill millions mimic min minded minds mindset minecraft mini minimal
minimum minor mint minus miracle miracles mirror miserable mission missionaries missionary missions mistaken mistakes
mitchell mixed models modern modify moments moms mon monitor monkey monkeys mono monologue monopoly monster monsters
montana moon moral morals mormon morphine morrow mothers motion motivate motivated motivating motivation motor
motorcycle mount mountain mountains mouse mouth movement moves moving mozart mrt msg msm multi multiplayer multiple
mummy murder muscle muscles muscular museums musical musicals musk mut mutual muz mysterious na nail nails named naomi
nap naruto nasa nasdaq nasty natalie nation nations native natural naturally ne nearby neat nebraska necessarily
necessary neck necklace nee needing negative neighbor neighborhood neighbors nelson nerd nerds nerve nervous ness
netherlands nets networking neural neuroscience nevada nevermind newer newest nicely nicer nichols nickname nigerian
nightmare nights nike nine ninja nintendo nitro nix noble noe noise non noodles norm normally north northern nose note
notes nothin noticed notification notifications notified noun novel novels november nowadays nowhere nsu ntv nuclear
nudes num nurse nurses nursing nutrition nuts nvm nxt ny nyc nyt oakland object objects obsessed obvious occasionally
occur ocean october oddly odds odyssey offended offense offered offering officer officially offline oh ohh ohio ok
older oldest olive ollie olympics omaha omg omw ongoing oni onion onions onlyfans onwards oof ooh opened opening opens
opera operate operating opinions opportunities opposed opposite optimistic option options oranges orchestra ordered
oregon organ organic organization organizations organize organized organizing oriented originally oso otter ouch
outdoor outdoors outer output outreach outs outstanding outta oven overall overcome overly overtime overwatch
overwhelming owed owned owner owners owns oxygen pace paced pacific packed packing pages painful paint painted
painting pair paired panda panels panic panther panties pants papers paperwork paradise parent parenting paris parked
parking parks parrot participate participating particles particular particularly parties partnership parts passes
passing passion passionate passions passport passwords pasta paste patch patent path paths patience patient patients
pattern patterns pause payday payments payout pays peaceful peak peanut peanuts penalty pence pencil pending penguin
penguins penis penny peoples pepper peppers perceive percy perfectly perform performance performing perfume perhaps
period periods perks permanently permission perry personalities personality personally perspective perspectives peter
petrol pets phase philosophical philosophy phoenix phoned phony photographer photography photoshop phrase phrases
physical physically physics physiology piano pickle pickup picky pie piece pieces pig pigs pile pilot pine pineapple
ping pink pinky pinterest pirates pissed pitch placed placement plain planes planet planets plant plants plastic
plastics plate played plays pleasant plot pls pluto plz pm pocket podcast podcasts poem poetry pokemon poker polar
pole policies policy political politics pollution polo pond pong pool poop poorly popcorn popped population pork
portal portfolio portion portland portugal portuguese positions positive possibilities possibility possibly postage
poster posting posts potato potatoes potential potentially potter pouch pour pours poverty powered powerful powers ppl
practical practically practice practiced practices practicing prank prayed prayer praying pre preach precious predict
prefer preferably preference preferences pregnant prem premium prep prepaid preparation prepare prepared preparing
presale presentation presents president pressure pretend pretending prevent prevention previous prey prices pricing
primarily prime prince principle principles print printed printer printing priorities priority prison privacy pro
proceed processed processes processing produce produced product production productive products prof profession
professional professor professors program programmed programmer programmers programming programs progress progression
projects prom promises prompt prompts proof proper properly prophet propose props pros protection protein proud
provide provided provides proxies psych psychological psychology public published puerto pull pulled pulling pump
pumped pumpkin punch punctuation puppies puppy purchase pure purely purity purple purpose purposes purse pursue push
pushed pushes pushing puts putting puzzle puzzles python qatar qualified qualify qualities quantum quarry quarter
queen questioned quicker quickly quid quietly quincy quit quote quotes race races racing rack radius railway rainbow
rains rainy raise raised raising ramen ranch random randy rang range rank ranked ranks rant rare rarely raspberry
rated ratio rats rays react reaction reactions reader readers reads realise realistic reality realize realizing realm
reasonable reasoning reasons reboot recall receipt receipts reception recession reckon recognise recognition recognize
recognized recommend recommendations recommended recorded recording recovery reddit reduce references referral
referring refill refinance refresh refreshed refreshing refunds refuse regard regarding regardless regular regularly
relate related relation relations relationship relationships relative relatively relatives relaxed relaxing release
released relevant reliable relief religious relive rely rem remains remembered remembering remind reminded reminding
reminds remote removal removed renew renewal renewing reopen repair repeat replace replaced replicate replies reported
represent reproduce republic require required requirements requires researched reserve reserves reset residency
residents resistance resort resources respect respectful respond responded responding responds response responses
responsibilities responsibility responsible restart restaurants restore restricted results resume retain retire
retired retirement retrieve returned returning returns reunion revealed reverse reviews revision revolution rewarding
rewrite rhythm rice richard rick rico ride rides ridiculous ridiculously riding rightly rights ringing rings ripped
rise rising risks river roads roast roasted robert robotic robotics robots robux rocket rockets rode roger roles roll
rolled roller rolling rolls roman romance romantic roof roommate roommates rooms root rope roses ross rotated rough
roughly rounded rounds route routine rows royal rtl rude rugby ruin ruined ruins rule rules rum runner runners runs
russia russian sacrifice sadie sadly safely safer safety sailor saint saints sake salad salmon salsa salt salty sample
samsung san sand sanderson sandwich sandwiches sang santa sarcasm sarcastic sassy satisfied satisfy satisfying sauce
sauna sausage saves saving savings scale scales scam scare scares scarlet scary scenario scene scenery scenes scent
scented sch schedule scheduled scheme scholarship scholarships schooling schools sci science sciences scientific
scientist scientists scoop score scoreboard scores scotch scotland scott scout scouting scouts scratch screamed screen
screens screw screwed script scripture scriptures scuba seafood seasons seat seats seattle sec seconds secretary
secretly secrets section seeds seek seem sees select selfish seller sells semi seminary sen senate sends senior
seniors sense sensitive sentence sentences separate sept series serve served server servers serving session sets
setting settle settled seven several shades shake shame shape shaped shapes shared sharing shark sharks sharp
shattered shave shaw shd shed sheep sheet sheets shelf shell shelter sherlock shes shift shining ship shipment
shipping ships shirts shock shocked shoe shoes shook shoot shooting shore shorter shortly shorts shot shots shoulder
shout showed showers shown shrek shrimp shut sibling siblings sided sides sigh sighs sights signal signals signed
significant significantly signing signs silence silently silicon silly silver sim similar simpler singapore singers
singing sink siri sisters situations sixth size sized sjw skating skeptical sketch sketches sketchy skiing skill
skilled skills skin skinny skins skip skipped slack slang slap slaves sleepy slice slide slides slightly slim slip
slipped slippers slowed slower smaller smart smarter smartest smash smashed smear smell smelled smelling smells smiley
smith smokes smooth smoothie snack snacks snake snakes snap snapchat sneak soap soccer socially society sociology
socks soda soft softly software soil solar sold solid solo solution solutions solve solved solving someday somehow
someones somethin somewhat sooner sophia sophomore sore sorta sorted sorts soul souls sounded sounding soundtrack sour
source sources southern spaces spacex spaghetti spain spanish spark sparkling speaker speakers speaking speaks
specialize species specific specifically spectrum speech speechless speed speeds spelled spelling spells spending
spends spicy spider spiderman spiders spin spinach spirit spirits spiritual spl split spoil spoiled spoilers spoken
spongebob spontaneous spot spotify spots spouse spread spring square squash stable stack staff stage stairs stake
staking stamped standards standing stands staring starter startup starving state states statistics stats status stayed
stays steady steak steal stealing steam steep stem step steps stereotype steve stick sticking sticks sticky stink
stitches stocks stoked stole stolen stomach stone stood stopped stopping stops storage stores stories storm straight
stranger strangers strategy straw strawberry straws stream streaming streets strength stress stressed stresses
stressful stressing stretch strict strike string strings strip stroke stronger strongly structure struggle struggled
struggles struggling stubborn stuck student students studied studio studios stuffed styles stylish subject subjects
submitted subscribed subsequent succeed suck sucked sudden suddenly suffer suffering sufficient suggest suggested
suggestion suggestions suicide suit suite suits summary summers sundays sunscreen sunset sup superb superhero
superheroes superior superman superpower supervisor supplies supply supporting supportive supports suppose supposedly
supreme surf surface surfing surgeon surgery surname surprised surprising surprisingly surrounded survey survival
survive survived surviving sushi suspense suspension suspicious sustainable swam swap swear swearing sweat sweaty
sweden sweetest sweetheart sweets swell swift swim swimming switch switched switches switching switzerland sword swt
symbol symptoms syrup systems table tables tablet tablets tabs taco tacos tagged tail tails taiwan taken takin tale
talent talented talents talked talks tall taller tangled tank tape target task tasks taste tastes tasty tata taught
taxes taxi tbb tbh teacher teachers teaches teaching teams tears tease technical technically technique technologies
technology ted tedious teenage teenager teenagers teeth telephone television tells temp temperature temple temples
tend tends tennessee tennis tense tension term terminal terminator terrible terribly terrified terrifying terrorist
tesla testament tested testimony testing tests texas textbook textbooks texted texture thai thailand thankful
thankfully thanksgiving theater theaters theatre theme themed theoretical theoretically theories theory therapist
therapy therefore theres theyre thick thin third thirsty thk tho thomas thor thou thoughtful thoughts thousand
thousands thread threat threats threshold threw throat throughout throw throwing thrown throws tht thumb thus tick
tied ties tight tiktok til tiny tires titan title titles tja tmr toast toes tofu toilet tokyo tolerance tom tomato
tomatoes ton tongue tons tony tool tools tooth topic topics topped torn touched touching tour touring toward towel
tower toys tracking tracks trader traders trading traditional traditions trail trailer trails trained trains trait
traits transferred transition transport transportation trap trapped trash trauma travel traveled traveling travelled
travelling travels treated treating treatment trees trek trials trick tricks tricky tries trillion trilogy trips
tropical truck truly trump trumpet tuesdays tuna tune turkey turned turning turtle turtles tutor tutoring tv twelve
twenty twilight twin twins twist typed types typical typically typing typo tyrone uber ugh ugly uhh ultimate
ultimately ultimatum umm unable unbelievable uncles uncomfortable undecided underneath understandable understanding
understands understood underwater underwear unfair unfortunate unfortunately unhealthy uni unicorn unique united units
unity universal universe universities university unknown unlike unlikely unlock unnecessarily unreal unusual upcoming
updated updates upfront upgrading uploading upper upset upside upto ur ure urgently urn useful useless username users
uses usf utah utter vacancy vacation vacations vague vale validation valley valuable value values vanilla vanished
variables variety various vary vegan vegas vegetables vegetarian veggies vehicle vehicles vending venom versions
viable vibe vice victoria vids vietnam vijay village villain vinegar violence violet violin virginia virtual virus
viruses visa vision visited visiting visual viva vocabulary vocal vodka voicemail voices void volcano volleyball
volunteer vomit vomiting voting waffle waffles wage wah waited waking wales walked walks wall wallpaper walls walmart
wan wanting ward wards warfare warmer warming warner warning warranty warrior wars wash washington wasp wasted wasting
wat watched watermelon wave waved waves wax ways wbu wdr weak weakness wealth wealthy weapons wear wearing wears
websites wed wedding weddings weights weirdest weirdo welcomes welp west western whale whales wheat wheel wheels
whereas whispered whoa whoever whoops whore whose wicked wid wide wif wig wikipedia wil wild wildlife window windows
windy wings winter winters wipe wire wisdom wise wished wit witch withdraw withdrawal witty wiv wizard wizards woah
wolf wondered wonders wood wooden woods wore worked worker workers workload workout worlds worm worrying worst worthy
wot wrap wrapped wreck wrist writer writers writes writing written wrote wun xavier xbox ya yacht yall yan yar yard
yay yea yearly yell yelled yelling yellow yep yikes yo york youll younger youngest youth yrs yummy yun yup zdf zealand
zero zombie zombies zone zoom`;
