/**
 * Words of spam, the commonest first: a damaged word is compared with these. Counted in the spam of the training parts, each source
 * alike, and those of spam since 2020 added by hand; all are known words.
 */
const words = `
to this your and on the you in for is my out check of with me sie an ich call und video free have youtube new auf now
will no be please from at just it ihr or here die link get can ist our all we if mit so are du nur von like that wir
für ihre not channel only subscribe nicht mir has help bitte been up join hier group das zu by do im today am heute
hey platform text us one der everyone per contact online account bin pay claim ur reply txt who ein click code send
whatsapp aus below more see how cash dir mobile was euro hi eine es bei hat ohne meine good want phone jetzt thanks
give stop use um share as people make earn work days gratis noch hello day schreib mich mein wird wurde support prize
top about da every win time dein number great card know first could but telegram haben neue tag den bis hallo real
need app dich after got chance back made ab any dear nummer love business guys its go waiting won money come name
there wer hab special they customer chat bonus best together deine live wallet community bank urgent investment
trading message huge part thank info videos shop also guaranteed much follow too playlist payment while konto geld
habe looking update world legit latest still what hours watch paket auch music offer before why price connect start
company over zum kein week line pro needed her min service sms comment mail auszahlung alle alles schon unter über
zurück song play trade say register ask found very box never network post team remember last bestätigen sofort dem wie
hast sind kannst home user pin look msg fast many nokia delivery their discount calling yes some fee daily mins night
page receive really gift friend lieferung zahlen einer dann nach handy ihrer suche karte address net secure find ready
withdrawal project within buy experience enjoy site going paid winner interested einfach diese seite zahlung income
salary confidential friends started deposit draw sure weekly collect coins launch plus miss private them club already
someone way launching details lucky would final profile bitcoin sign apply birthday better iphone write uns machen
sehr guten sich einen beim ihnen kommt sonst meinen monat rufen without ever take katy visit next entry games selected
registration when information offers safe through download age paypal doing attention test awarded gewonnen als unser
wenn mehr neu keine oder leute bist ihren gerade versand following award access she activity sir down came him future
subscribers login fees holiday hrs drop family then others life even thumbs bad pobox agent vote month each charge
members goal lot must into secret because tech ja aber kann euch bekommen gegen danach profil mama ringtone invite
trusted care anyone facebook little thankful book pm girls tell watching tone learn mob store right full rate gold
cost ok vip add turn charges shows deal genuine announcement tomorrow getting invited exciting other reach casino
crypto since steam banking gesperrt rechnung war vor werden wollen frau mann ihrem schreiben bilder preis antworten
nachricht ruf adresse geschenkt sale months among pics game bet valid than danke computer keep god google er calls fun
news package attempt town hold camera order log lol email expires believe car landline discord amazon confirm done hot
yours hit credit invest gebühr frauen geht deutsche morgen woche können zur herr läuft gruppe erste alte foto
verfahren kostet liegt antworte left scam acc away received instagram loan suspended donate chef perry which pass
quick off minutes stay lose years reward working such trying bill due between specially well did item center wow where
job year amount things word happy orange pounds application million social extra plz congratulations big fantastic
tonight open avoid needs land again using promo profit kostenlos passwort klick überweisung liebe jeden meiner schnell
mal namen einem gestern kurz konnte melden gefunden neuen freunde komm abend innerhalb sendung schicke brauche
vermeiden schick anmeldung guthaben kreditkarte man mum gaming notice amazing everyday house admin he words took bless
single double put trust collection old press most sexy class till yesterday chosen ending think date yourself services
tried should brand texts surprise sex try subs weeks mean request views via local until listen half wait finance
vouchers had leave quiz important unsubscribe points answer mega approved weekend premium codes voucher sorry content
person toll tones gewinn kredit sparkasse anmelden einzahlung täglich dass erst artikel vom muss ersten sicher lust
gibt letzte macht lieber holen erhalten meinem wochen fragen freund stunden sichern uhr ihn wegen mach deinem wartet
senden punkt montag zuhause mache gelöscht bestätigt anrufen sucht deiner zahle geehrte kontakte verlängern schufa
geehrter installieren vodafone list sim simply messages gets dream may marketing pls transfer songs networks settings
auto show minecraft rental nice reason taking set capital camcorder sent cover meet strong cam perfect worth being
babe todays wanna choice server speak dating soon available women statement colour direct password prizes issues
example rapper charged cheap nothing ring apple talk identifier xmas await parcel cards verified shipment receiving
recently biggest city bio activate auction tax mom caller row verify true covers valued hope view vids joined finally
hottest leading office were dance lost awesome comments ends national gewinnen freispiele führerschein garantiert
suchen gesucht papa limit dieser bevor jeder doch seit unsere diesen lesen wieder sehen viel dringend weiter geh
teilen kriegt viele werbung sonntag gemeldet raus stück gesehen möchte reich daten frag bereit privat funktioniert
zahlt meldet musst löschen kaufen fehlt beitrag holt prüfung sichere abgelaufen zugang aktualisieren freundin ausweis
biete gehackt kaution kunde begleichen deaktiviert elster cool immediately cancel giving these match bot security
unlock selling spam operator anytime enter picked alert band balance complete review wanted follower adler unlimited
pic suite end shit own shipping dad pending ship unpaid assistant upload deals added copy mine partner original
freemsg recent ebay dont small fake trick professor microsoft insta rates player party hate debit fraud blog slots
accounts locked subscription netflix dollars refund airdrop onlyfans binance coinbase metamask ethereum presale
staking signals trader traders forex investor investors passive withdraw giveaway nitro skins robux boosting followers
dropshipping affiliate referral jackpot betting escort hookup nudes nude naked webcam singles sugar viagra cialis
pills pharmacy gummies weight loans refinance debt mortgage payday cashback refunds verification unusual customs
tracking voicemail icloud invoice inheritance beneficiary compensation lottery winners limited replica rolex watches
passport diploma hacker hacking hacked recovery carding proxies backlinks ranking traffic hiring remote vacancy
earning earnings profits guarantee doubling snapchat tiktok signal channels expired exclusive helpline euros donation
funds photos adult porn horny lonely gewinne gewinnspiel kostenlose sofortkredit darlehen nebenverdienst nebenjob
heimarbeit krypto anlage rendite verdienen verdienst gutschein gutscheine zustellung zollgebühr volksbank bestätigung
verifizieren einloggen mahnung inkasso erotik nackt treffen kennenlernen potenz abnehmen testkäufer produkttester
verlosung glückwunsch herzlichen klicke angebot rabatt günstig bargeld millionen überweisen investieren investition
einsame mädchen heiße wöchentlich monatlich verdopple`;

/** From the word to its place in the order, 0 for the commonest. */
export const spamWordRanks: ReadonlyMap<string, number> = new Map(
  words
    .trim()
    .split(/\s+/)
    .map((word, rank) => [word, rank]),
);
