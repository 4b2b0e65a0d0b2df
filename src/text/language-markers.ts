import { stopWords } from './stop-words.ts';

/**
 * Words that distinguish a language from others: those that nearly every sentence has one of, and what people write in chats.
 * Without diacritics but for those of ä, ö and ü, as the prepared text has them. A word may stand in several languages. Languages
 * that no model here speaks are there so that they are not taken for one that it does.
 */
const markers: Readonly<Record<string, string>> = {
  en: `please thanks thank hello hey hi good lol gonna wanna omg got get go see know like want need make think new now here yes yeah
    okay free call text click win send today tomorrow tonight time day week money people love one two day back still really right
    check out much many well work home first last next thing things would say said says come came look find help every never always
    ur u r im dont cant thx pls plz wat wot cos bcoz how's anyone someone something nothing everyone message news
    watch video channel subscribe follow join link account number offer prize claim cash order delivery`,
  de: `bitte danke hallo hey moin servus gut gute guten morgen abend heute gestern mal nen ne nee jo doch schon immer wieder mehr
    geht gibt kommt kommen komm machen mach macht schau guck sag sagen weiß wissen warum leute jetzt vielleicht dank grüße liebe lieber
    euro kostenlos gratis gewinn gewinnen sichern klicken hier anmelden nummer handy konto geld verdienen kaufen verkaufe suche
    wohnung paket zoll sendung lieferung rechnung überweisung sofort jetzt neu neue neuer neues nie alles klar genau stimmt halt
    echt krass voll bisschen zusammen bock digga alter schreib schreibt meld dich melde uhr montag dienstag mittwoch donnerstag freitag
    samstag sonntag januar februar märz mai juni juli oktober dezember kinder mama papa schule arbeit frau mann ganz beste besten
    deutschland tag tage woche wochen jahr jahre zeit welt menschen merkel eigentlich natürlich leider gerade keine kein ner`,
  fr: `le la les un une des du de et est pas que qui dans pour sur avec ce cette ces mon ma mes ton ta tes son sa ses je tu il elle nous
    vous ils elles ne plus mais ou donc car si tout tous bien merci bonjour salut oui non c'est j'ai t'as quoi fait faire avoir etre suis
    sont au aux en votre notre leur tres aussi comme ici moi toi`,
  es: `el la los las un una de y es no que en por para con su sus mi mis tu tus lo le se me te nos como mas pero si ya muy todo esta este
    hola gracias hoy aqui donde cuando porque soy eres son tengo tienes hay del al yo ella usted ustedes bueno buenos buenas dias puede
    quiero gente hacer solo tambien`,
  it: `il lo la gli le un una di e che non per con del della dei delle al alla sono sei siamo ho hai ha mi ti si ci vi ma anche come
    piu questo questa tutto ciao grazie oggi dove quando perche cosa fare bene sempre solo tuo tua mio mia nel nella da su va`,
  nl: `de het een en van ik je jij hij zij we wij jullie niet dat die voor met op te zijn is was maar ook als er om aan nog wel kan heb
    hebt heeft naar bij dan zo hoe wat wie waar goed hallo dank bedankt vandaag morgen geen uw mijn jouw deze dit worden gaan moet`,
  pl: `i w z na nie to sie jest do ze co jak ale za od po dla czy tak mam masz jestem ja ty on ona my wy dzien dobry czesc dzieki prosze
    juz tylko bardzo moze gdzie kiedy mi cie go jego przez pod tym tego ten ta te byc bylo bedzie`,
  pt: `o a os as um uma de e que nao do da dos das em no na nos nas por para com seu sua meu minha se eu tu voce ele ela nos mais mas como
    muito obrigado obrigada ola oi bom boa dia hoje aqui onde quando porque ja foi ser estar esta tem tenho vou vai isso este tudo`,
  tr: `ve bir bu da de ne icin cok ben sen o biz siz var yok mi mu ama gibi daha kadar ile sonra simdi evet hayir merhaba selam tesekkurler
    nasil nerede ne zaman degil olarak olan her benim senin bana sana beni seni iyi gun lutfen diye ya abi`,
  sv: `och att det som en ett jag du han hon vi ni de inte ar pa av for med till den har kan om men var sa hej tack idag mig dig`,
};

/** The markers of each language: its stop words, and those above. */
export const languageMarkers: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  Object.entries(markers).map(([language, list]) => [
    language,
    new Set([...(stopWords[language] ?? []), ...list.trim().split(/\s+/)]),
  ]),
);
