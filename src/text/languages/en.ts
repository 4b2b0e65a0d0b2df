import { stemEnglish } from '../stem-english.ts';
import { moreEnglish } from './en-more-words.ts';
import { englishTemplates } from './en-samples.ts';
import { englishWords } from './en-words.ts';
import { type Language, wordsIn } from './language.ts';

export const english: Language = {
  stem: stemEnglish,
  stopWords: wordsIn(`
a about above after again all am an and any are aren't as at be because been before being below between both but by
can can't cannot could couldn't did didn't do does doesn't doing don't down during each either ever few for from further
had hadn't has hasn't have haven't having he he'd he'll he's her here here's hers herself him himself his how how's
i i'd i'll i'm i've if in into is isn't it it's its itself just let's me might more most mustn't my myself
neither no nor not of off on once only or other ought our ours ourselves out over own
same shan't she she'd she'll she's should shouldn't since so some such than that that's the their theirs them themselves
then there there's these they they'd they'll they're they've this those though through to too u under until up upon us
very was wasn't we we'd we'll we're we've were weren't what what's when when's where where's whether which while who who's
whom why why's will with within without won't would wouldn't yet you you'd you'll you're you've your yours yourself yourselves
arent cant couldnt didnt doesnt dont hadnt hasnt havent isnt ive shouldnt thats wasnt werent wont wouldnt youre youve`),
  markers: wordsIn(`
please thanks thank hello hey hi good lol gonna wanna omg got get go see know like want need make think new now here yes yeah
okay free call text click win send today tomorrow tonight time day week money people love one two day back still really right
check out much many well work home first last next thing things would say said says come came look find help every never always
ur u r im dont cant thx pls plz wat wot cos bcoz how's anyone someone something nothing everyone message news
watch video channel subscribe follow join link account number offer prize claim cash order delivery`),
  knownWords: wordsIn(englishWords, moreEnglish),
  samples: englishTemplates,
};
