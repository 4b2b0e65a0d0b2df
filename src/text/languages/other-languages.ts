/**
 * Markers, as those of a `Language`, of languages that no model here knows, so that a text of them is not taken for one that a model
 * knows.
 */
export const otherMarkers: Readonly<Record<string, string>> = {
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
