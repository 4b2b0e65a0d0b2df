/**
 * Words that carry grammar rather than meaning. Far shorter than published lists, which count `free`, `call`, `text`,
 * `click` and `now` among them: spam is made of those.
 */
const english = `
a about above after again all am an and any are aren't as at be because been before being below between both but by
can can't cannot could couldn't did didn't do does doesn't doing don't down during each either ever few for from further
had hadn't has hasn't have haven't having he he'd he'll he's her here here's hers herself him himself his how how's
i i'd i'll i'm i've if in into is isn't it it's its itself just let's me might more most mustn't my myself
neither no nor not of off on once only or other ought our ours ourselves out over own
same shan't she she'd she'll she's should shouldn't since so some such than that that's the their theirs them themselves
then there there's these they they'd they'll they're they've this those though through to too u under until up upon us
very was wasn't we we'd we'll we're we've were weren't what what's when when's where where's whether which while who who's
whom why why's will with within without won't would wouldn't yet you you'd you'll you're you've your yours yourself yourselves
arent cant couldnt didnt doesnt dont hadnt hasnt havent isnt ive shouldnt thats wasnt werent wont wouldnt youre youve`;

const german = `
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
wollte wollten während wäre würde würden zu zum zur zwar zwischen über`;

/** By primary language subtag. */
export const stopWords: Readonly<Record<string, ReadonlySet<string>>> = {
  en: new Set(english.trim().split(/\s+/)),
  de: new Set(german.trim().split(/\s+/)),
};
