import { stemGerman } from '../stem-german.ts';
import { moreGerman } from './de-more-words.ts';
import { germanTemplates } from './de-samples.ts';
import { germanWords } from './de-words.ts';
import { type Language, wordsIn } from './language.ts';

export const german: Language = {
  stem: stemGerman,
  stopWords: wordsIn(`
ab aber alle allem allen aller alles als also am an ander andere anderem anderen anderer anderes auch auf aus außer
bei beim bin bis bist da dabei dadurch dafür dagegen daher damit dann daran darauf daraus darin darum darunter darüber das dass daß
davon davor dazu dein deine deinem deinen deiner deines dem den denen denn der deren des dessen dich die dies diese diesem diesen
dieser dieses dir doch dort du durch eben ein eine einem einen einer eines einige einigen er es etwa etwas euch euer eure eurem euren
eurer für gegen gewesen hab habe haben habt hast hat hatte hatten hattest hier hin hinter ich ihm ihn ihnen ihr ihre ihrem ihren ihrer
ihres im in ins irgend ist ja jede jedem jeden jeder jedes jedoch jene jenem jenen jener jenes kann kannst kein keine keinem keinen
keiner keines konnte konnten können könnt könnte man manche manchem manchen mancher manches mein meine meinem meinen meiner meines
mich mir mit muss musst musste mussten muß möchte mögen müssen müsst nach neben nicht nichts noch nun nur ob oben oder ohne sehr seid
sein seine seinem seinen seiner seines seit selbst sich sie sind so solche solchem solchen solcher solches soll sollen sollst sollte
sollten sondern sonst soweit sowie um und uns unse unser unsere unserer unter viel vom von vor wann war waren warst warum was weil
welche welchem welchen welcher welches wem wen wenn wer werde werden weshalb wie wieder will wir wird wirst wo woher wohin wollen
wollte wollten während wäre würde würden zu zum zur zwar zwischen über`),
  markers: wordsIn(`
bitte danke hallo hey moin servus gut gute guten morgen abend heute gestern mal nen ne nee jo doch schon immer wieder mehr
geht gibt kommt kommen komm machen mach macht schau guck sag sagen weiß wissen warum leute jetzt vielleicht dank grüße liebe lieber
euro kostenlos gratis gewinn gewinnen sichern klicken hier anmelden nummer handy konto geld verdienen kaufen verkaufe suche
wohnung paket zoll sendung lieferung rechnung überweisung sofort jetzt neu neue neuer neues nie alles klar genau stimmt halt
echt krass voll bisschen zusammen bock digga alter schreib schreibt meld dich melde uhr montag dienstag mittwoch donnerstag freitag
samstag sonntag januar februar märz mai juni juli oktober dezember kinder mama papa schule arbeit frau mann ganz beste besten
deutschland tag tage woche wochen jahr jahre zeit welt menschen merkel eigentlich natürlich leider gerade keine kein ner`),
  knownWords: wordsIn(germanWords, moreGerman),
  samples: germanTemplates,
  goldenMessages: [
    'Hallo, hast du am Samstag Zeit? Wir könnten an den See fahren, wenn das Wetter hält.',
    'Danke dir, das hat mir wirklich geholfen. Grüße an deine Schwester!',
    'Bin gleich da, steh noch im Stau auf der A7. Fangt ruhig schon an.',
    'Glückwunsch! Sie haben 1.000 € gewonnen. Rufen Sie jetzt 0900 123456 an, nur 1,99 €/Min.',
    'Verdiene 3000€ im Monat von zu Hause, schreib mir auf WhatsApp oder klick www.beispiel.example',
    'Ihr Paket konnte nicht zugestellt werden. Bitte bestätigen Sie Ihre Daten: https://beispiel.example/paket',
  ],
};
