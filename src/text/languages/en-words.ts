/**
 * Words of English that are common in messages, spam or not. Counted in the training parts of the data that models are trained on,
 * and added to by hand.
 */
export const englishWords = `
abiola able about accept access accident account accounts across action activate actually ad added address admirer ads
adult advance advice advise after afternoon aftr again against age ago ahead ahmad aid aight air airtel aiyah alert
all almost alone already alright alrite also always am amazing amazon among amount an and angry animals anna
announcement another answer answers any anybody anymore anyone anything anytime anyway app apple application apply
appreciate appreciated appt april are area arm armand around arrange arrive art as asap ask askd asked askin asking
asks asleep at ate atm attempt attention auction available avoid await awaiting awake award awarded away awesome babe
babes baby back bad bag balance ban band bank banking bar barely bath bathe battery battle bcoz be beautiful because
become bed bedroom been beer before being believe belly below best bet bets better between bid big bigger bike bill
billion bin birthday bit bitch bitcoin black blackberry blender block blue bluetooth board body bold bonus book booked
bored boring boss both bother bought bout box boy boytoy bra brand break bring brings bristol bro brother brought
bslvyl bugis buns bus business busy but buy buying buzz by bye cabin cake call called caller calling calls cam
camcorder came camera can canal cancel cancelled cancer cannot cant car card care cares case cash casino cat catch
cats cause cell center chance change changed channel charge charged charger charges chat cheap cheapest check checked
checking cheer cheers chennai chess chikku childish choice choose chosen christmas cialis cine cinema city claim
claims clara class clean click clicking client close closed club code coffee cold colleagues collect collection
college colour come comes comin coming comment comments common community comp company competition complete completely
complimentary computer concert confirm congrats congratulations connect contact content contract convey cook cooking
cool copy cork correct cost costs could couple coupon course court cover covers covid crave crazy created credit
credited credits cross crossed cry crypto cup currently curry custcare customer customers customs cut cute dad daddy
daily damn dance darlin darren data date dating dave day days dead deal deals dear debt decide decided decimal deep
delete delivered delivery dentist depends deposit designer details did didnt die diet different difficult digital
dinner direct directly discount discreet discuss disturb do doctor doctors does doesn doesnt dog dogging dogs doin
doing dollar dollars donate done dont door double down download draft draw dream dreams drill drink drinks drive
driving drop drugs drunk dude due dunno during each ear earlier early earn earned earning earnings earth easy eat
eatin eating egg either ella else email end ended ending ends england enjoy enlargement enough enter entered entitled
entry escort especially essay ethereum euro euros even evening ever every everybody everyday everyone everything exact
exactly exam exams except exciting exclusive excuse expensive experience expert expired expires express extra eye eyes
fab face facebook fact fakes family fan fancy fantastic fantasy far farid fast fat father fault favorite fax fear fee
feel feeling feels fell felt female few fight figure file files fill film films final finally find fine fingers finish
finished first fit five fix fixed flat flatmates flights flirt fly follow followers following fone food fool for
forever forex forget forgot forwarded found fox free freemsg frens friday friend friends friendship frnd frnds from
fuck fucking full fun funds funny further future game games gap garage gas gave gay genuine get gets gettin getting
gift gifts gimme girl girls give given gives giving glad go goal god goes goin going gold gone gonna good goodmorning
goodnight google got goto gotta grace grand graz great greek green greet grins group guarantee guaranteed guess guitar
gun guy guys had haha hair half halfway hand handler handset handsome happen happened happening happens happiness
happy harbour hard has hat hate have havent having he head hear heard heart heavy hehe held hell hello help her here
hey hi high hiking him hiring his hit hiya hold holder holding holiday holla home homeowners honest honey hope hoping
horny horrible hospital hosting hot hotels hour hours house how however hows howz https huge hugo huh hungry hunny
hurry hurt hurts husband ice idea identifier if ill imagine imma immediately important in inches including income
india ines info inform information inside instagram install instead insurance interested internet interview into
invest investment investor invite invited inviting invoice ipod is isnt issues it italian its itself izzit jackpot
january jazz job jobs join joined joke joking jonas journey joy jumper june jungle just kate kayak keep keeping kept
key kid kids kind kinda king kiss knew know knows lab ladies lady laid lake lamp land landline laptop last late later
latest laugh laughing launch law lazy lead learn least leave leaves leaving lect leeds left lemme lend less lesson
lessons let lets liam liao library lie life lift light like liked likes limited line linerental link links list listen
listening little live lives living lmao loads loan loans local locked login lonely long longer look looked looking
looks lose loss lost lot lots lottery lotto lovable love loved lovely lover loverboy loves loving low loyalty luck
lucky lunch luxury lyon lyrics mad madam made maid mail major make makes making male man many map march mark market
marketing marry massage match matches mate mates matter maximize may maya mayb maybe me mean meaning means meant
medical meds meet meeting member members membership men merry mess message messages met method midnight might million
mind mine mins minute minutes miss missed missing mistake mite mix moan mob mobile mobiles moby mode model mom moment
monday money month monthly months mood more morning mortgage most mostly mother motorola move moved movie movies mrng
msgs mths much mum murdered murderer museum music must my myself mystery naked name names national nationwide nature
naughty near nearly need needed needs neighbour net netcollex netflix network networks neva never new news next nice
nick nigeria night nils nite no nobody noida nokia none noon nope nor normal not nothing notice now ntwk nude number
numbers obviously odd of off offer offers office official often oil okay okie old olga on once one ones online only
onto oops open operator opinion opportunity or orange orchard order oredi original other others otherwise our out
outside over overdue own package page paid pain pancakes paper parcel parents park part partner party pass passed
passive password past pay paying payment paypal paytm peace pen people per percent perfect person personal persons pet
pete pharmacy phone phones photo photos pic pick picked picking pics picture pictures pills pin piss pizza place
places plan plane planned planning plans platform play player players playing playlist please pleased pleasure plenty
plus pobox point points police poly poor pop popular porn possession possible post posted pound pounds power pple pray
prescription present press pretty previously price princess private priya prize prizes prob probably problem problems
process profile profit profits project promise promo promotion property protect prove pub pussy put pyatm quality
question questions quick quiet quite quiz quoting radio rain raining ran randomly ranking rapper rate rates rather raw
rcvd reach reached reaching read reading ready real realized really reason receive received receiving recent recently
recipe recipes record records red redeemed reference refund refused regards register registered registration regret
relax remain remember reminder remove rent rental replica replied reply replying report representative request
research rest restaurant result return reveal review reward rewards rich rid right ring ringtone ringtones risk rite
road roar robot rock rocks role rolex room rosa rose round row rply rucksack run running rush sad safe said salary
sale sales same sat saturday savamob save saved saw say saying says scared school scream screaming sea search
searching season second secret secure security see seeing seemed seems seen selected selection self sell selling
semester send sending sent seo serious seriously service services set settings sex sexy shall share she shipped shirt
shit shop shopper shopping short should show shower showing shows shuffle shuffling shuhui shy sick side sight sign
silent simple simply since sing singer single singles sipix sir sis sister sit site sites sitting situation six sky
skype slave sleep sleeping slept slots slow slowly small smile smiles smiling smoke sms smth snow so social sofa some
somebody someone something sometime sometimes somewhere son song songs sony soon sorry sort sound sounds soup south
space spam spare speak special specially spell spend spent spins spoke sport sports spree spy stand standard star
stars start started starting starts statement station stay staying still stock stop store story strange street strong
study studying stuff stupid style subs subscribe subscriber subscribers subscription success successful successfully
such sucks sugar summer sun sunday sunny sunshine super support supposed sura sure surely surprise suspended sweet
sweetie swing system take takes taking talk talking tampa tariffs tax taylor tea teach team tear teasing tech tel
telegram tell telling ten tenants tenerife tent terms tess test text texting texts than thank thanks that thats the
their them themob then there these thesis they thing things think thinkin thinking thinks this thnk those though
thought three through thru thumbs thurs thursday ticket tickets tie tiger till time times timing tip tips tired tncs
to today todays together told tomo tomorrow tone tones tonight tonite too took top torch total totally touch tough
towards town toy track trade traffic train training transaction transfer treat tree trial tried trip triple trouble
true trust trusted truth try trying ttyl tuesday tuition turn turns twice two txt txtauction txting txts tyler type
umbrella uncle under understand unless unlimited unpaid unsubscribe until up update upgrade upload urgent urself us
use used user using usual usually valentine valentines valid valued van verification verified verify version very via
viagra video videos view views vip visit voda vodafone voice vote voucher vouchers wait waiting wake walk walking
wallet wana wanna want wanted wants war warm was waste watch watches watching water wats way we weather web webcam
website wednesday weed week weekend weekends weekly weeks weight weird welcome well went were wet what whatever whats
whatsapp when whenever where wherever which while white who whole why wife wifi will willing win wine winner winners
winning wins wish wishes wishing with within without wkly woke woman women won wonder wonderful wondering wont word
words work workin working works world worried worries worry worse worth would wow write wrong www xmas yahoo yeah year
years yes yesterday yet yijue yoga yogasana you young your yours yourself youtube yusuf zip`;
