/**
 * Registrable domains of sites that are well known, by what stands behind the first full stop (`*`: written out). Sites at which
 * anybody leads others elsewhere are not among them: shorteners, messengers, casinos, exchanges, adult sites. Collected from the npm
 * packages `top-sites`, `oembed-providers` and `simple-icons`, the PyPI packages `sherlock-project` and `newspaper3k` (news), and by
 * hand for countries that these leave out. Whoever changes the list changes what features mean.
 */
export const knownSiteList = `
com: 1001tracklists 123rf 163 1password 1up 23hq 2dimensions 2fas 2k 365datascience 3ds 3m 4d 4shared 500px 7cups 99designs 9gag aa aawsat
com: abbvie abcnews abdownloadmanager about abstract acast accenture accusoft accuweather acer actblue activision acura adacore adafruit
com: addthis addtoany adguard adidas adobe adonisjs adp adroll adventofcode adyen aeromexico afdian afreecatv afternic afterpay aftership
com: airasia airbit airbnb airbus airbyte aircanada airfrance airindia airserbia airtable airtransat akamai akasaair akaunting akiflow
com: alamy alchemy alfredapp algorand alibabagroup alicdn aliexpress alipay alistgo aljazeera allmylinks allrecipes allthingsd
com: allthingsworn alltrails allure almasryalyoum alriyadh altium altrulabs alwaysdata amazon amazonaws amcharts amd amtrak amtraker amul
com: anaconda analog andela android animalplanet animatron animenewsnetwork animoto ankermake ansible answers ansys anta antena3 anthropic
com: anycubic anydesk aol aparat apartments apclips apifox apmterminals apnews apollographql appforcestudio appian apple appsignal
com: appsmith appveyor aquasec arabnews arangodb arcgis arlo arm arstechnica artstation as asahi asana asda askubuntu asos assemblrworld
com: astonmartin asus atarivcs atlassian atomgit att audi audio audioboom audiokinetic audiomack auth0 authelia authorstream autoblog
com: autodesk autohotkey autoitscript automattic automobilemag autonews autotrader autozone avast avianca avid avira awaitwidget awwwards
com: axios axisbank b4x babbel babelio backblaze backbone backendless backmarket backstage badoo bahn baidu bambulab bandcamp bandlab
com: bandsintown bankofamerica baremetrics barnesandnoble base-ui basecamp bata bbc bbcamerica bbcarabic bbcgoodfood beatport beatsbydre
com: bentley bereal bergfex bestbuy bet betabeat betfair betterstack bfmtv bhg bigbasket bigcartel bigcommand biggerpockets biletix
com: bilibili billboard bing bisecthosting bitchute bitcoinsv bitdefender bitly bittorrent bitwarden bitwig bk blablacar blackberry
com: blackmagicdesign blazemeter bleacherreport blibli blipfoto blitztactics blizzard blockchain blogger bloglovin bloomberg blueprintjs
com: bluesound bluetooth bmc bmj bmw boardgamearena boardgamegeek boat-lifestyle bodybuilding boehringer-ingelheim bol bombardier bookbub
com: bookcrossing booking bookingholdings bookingmood bookmeter bookmyshow bookstackapp boostmobile boots boots-uk bose botble boulanger
com: box boxofficebuz boxy-svg br-automation braintreepayments brandbucket brandfetch brandfolder brave brenntag brevo brex brightcove
com: briovr britannica britishairways broadcom bt buffer bugatti bugcrowd buildkite builtbybit bukalapak bumper bunq burton
com: businessinsider buydomains buymeacoffee buysellads buzzfeed byjus bytedance cacoo caddyserver cadillac caixin cal calameo calendly
com: campaignmonitor camunda canva carbonmade carlsberggroup cartalk carthrottle carto carvana castmake-ai cbn cbs cbslocal cbsnews
com: cbssports ccleaner cctv cdiscount cdprojekt ceair celebuzz celestron ceros cesium cgtrader championat channel4 charlesproxy
com: chartblocks chartmogul chase chatgpt chatwoot checkmarx checkmk chess chevrolet chirbit chollometro chromatic circle circleci
com: circlezeroeight circuitlab cisco citrix civo clapperapp clarifai clarin claris clarivate claude clerk cleveland clever-cloud clickup
com: clipland cloud66 cloudbees cloudcannon cloudera cloudflare cloudinary cloudsmith cloudways clozemaster clubforce clubhouse cnbc cnet
com: cnn cnnturk cockroachlabs cocos codacy codecademy codechef codeclimate codeforces codehs codeigniter codeproject coder coderwall
com: codeship codesignal codestream codewars codingame codingninjas codio codolio coinmarketcap collaboraonline collegehumor colourlovers
com: comicfury commaful computerandvideogames comsol conekta contabo contentful contently contentstack cookpad coolermaster copaair coppel
com: coreldraw coroflot corona-renderer coronalabs corsair cosmopolitan costco coub couchbase couchsurfing countingworks coze cpanel
com: cplusplus cracked craftcms craftsman crayon creality creative creativeloafing credly crehana crevado crew-united critrole crowdin
com: crowdranking crunchbase crunchyroll cryengine csair cssdesignawards csswizardry ctrip cults3d cultura culturedcode curseforge cursor
com: custhelp customerdb customink cycling74 daf dailyfinance dailykos dailymotion daisyui dalexni dan dangerousthings darty dash0
com: databricks datacamp datadoghq dataiku datastax datocms datto dazn db dbeaver dcinside deadspin dealabs debrid-link decathlon deepcool
com: deepgram deepl deepnote deepseek deezer deezerbrand deliveroo dell delltechnologies delonghi delta deno denon dependabot depop
com: depositphotos deseret desmos detik devexpress deviantart devrant dhl dianping dictionary diepresse digg digikey digitalocean
com: digitalspy digitaltrends dinersclub dior discogs discord discovermagazine discovernetwork discovery disney disneyplus disqus
com: distrokid django-project djangoproject dji dmm-corp dndbeyond docker docswell dodopayments doist dolby domainmarket donanimhaber
com: doodle doordash dotsub douban douyin dovetail downdetector dpd dpdhl-brands dragonframe dreambroker dreamstime dribbble drooble
com: dropbox dropcatch drudgereport duckduckgo dunked dunzo duolingo duplicati dw dwavesys dynatrace ea easyeda easyjet ebay ebayimg ebony
com: echoeshq echoroukonline economist ecovacs edgeimpulse edumedia-sciences egnyte egotastic eightsleep eksisozluk elavon elconfidencial
com: elegoo elementor elgato elle elpais elsevier eltiempo elwatannews embarcadero embark-studios embases embedery emberjs emirates
com: emlakjet emol empik empretienda enable-javascript engadget enterprisedb envato environmentalleader eonline epicgames epson equinix
com: ericsson erome escapistmagazine eslgaming esotericsoftware espn espnf1 espressif esri ethfiddle ethiopianairlines etihad etonline
com: etsy eurowings eventbrite evernote everviz everwall evri ew eweek example excalidraw exophase exordo exoscale expedia expensify
com: experts-exchange express expressvpn extremetech eyeem f5 facebook facebookbrand faceit facepunch fairphone faithlifetv fameswap
com: fandango fandom fandomdesignsystem fanfou fanpop fareharbor farfetch fastcompany fastly fauna favro fawry fb fc2 fcaci fedex
com: feedburner feedly ferrari fifa figma figshare fila filamentphp fillout filmaffinity finecobank fing firecore fireworktv fitbit fiverr
com: fixya flashforge flickr flightaware flightradar24 flipboard flixbus floatplane fluke flypgs fmod fnac fonoma fontawesome foodpanda
com: forbes ford foreignpolicy form-data formbricks formstack formula1 fortinet fortnite fortnitetracker fortune forumophilia fossa
com: foundry foursquare fox foxbusiness foxnews foxsports fozzy framebuzz framer france24 freelancer fritz frontify frype ft fujifilm
com: fujitsu furrynetwork futurelearn fylehq g2 g4tv gaiaonline gamebanana gamedeveloper gamefaqs gamejolt gameloft games gamespot garmin
com: gatsbyjs gawker gcore ge genius geocaching geometryviewer getadblock getbento getbootstrap getfader gethearth geticonjar getir
com: getkirby getmyuni getoutline getpelican getpostman getscenes getsharex gettyimages getuikit ggpht ghostery giantbomb gifnote giphy
com: git-scm git-tower gitbook gitcode gitconnected gitea gitee github gitkraken gitlab gizmodo gl-inet glam glamour glassdoor glitch
com: globo glovoapp gm gmail gmetri go goal godaddy godox gofundme gog gojek goodreads google googleblog googlesource googleusercontent
com: gotinder gotomeeting gq gradle grafana grailed grain grammarly grandfrais graphisoft gravatar greensock greyhound groupme groupon gs
com: gsap gskbrandhub gsma gsmarena gstatic gtchannel guardiannews guitar-pro gumlet gumroad gumtree gurobi gusto gw2fashions gyazo
com: haaretz haberturk habr hackaday hackclub hackenproof hackerearth hackernoon hackerone hackerrank hackthebox halfords handelsblatt
com: harmonyos hashicorp hashnode havells hbo hcl hdfcsales headspace health heavy-r hedera helium helix-editor hellofreshgroup
com: hellyhansen help-note helpscout helpshift hepsiburada hepsiemlak here hermesworld heroku heroui hespress hetzner hevyapp hey heyzine
com: hibob hihaho hihonor hilton hindustantimes hivehome hivemq hm hollywood hollywoodreporter homeadvisor homedepot homify honda
com: honeygain hoppscotch hopvue hostelworld hostinger hotair hotels hotjar hotmail hotmart hotukdeals houzz hp hsbc htc huawei hubpages
com: hubski hubspot hudsonrock huffduffer huffingtonpost huffpost hugedomains hulu humblebundle husqvarna hyperx hyundai iberia ibm
com: icicibank icloud iconfinder icons8 idealista ideamapper ideracorp idomoo ifeng ifixit ifttt ign iheart ikea ilovepdf ilsole24ore
com: imagefap imdb imenupro imgur imgurinc immersivetranslate imood imoulife imovirtual improvmx indacolive indeed indiansuperleague
com: indiatimes indiehackers inductiveautomation inertiajs infiniti infinityfree infobae infogram infomaniak infoq infosys infoworld
com: ingress injurymap inoreader inphood insider insighttimer insta360 instacart instagram instapaper instatus insticator instructables
com: instructure intel intercom intermarche intigriti intuit investopedia invisionapp ionicframework iqiyi irishtimes irobot issuu
com: istockphoto itabtechinfosys itemfix itv iva-api iveco ixbt jamesonwhiskey java jbl jd jdoodle jetblue jetbrains jeuxvideo jfrog
com: jimdofree jimdosite johnlewis joinhandshake joinhoney jouav journaldunet jovian joystiq juce jumbo just-eat justgiving justwatch
com: kaggle kagi kahoot kaiostech kakao kakaocorp kashflow kaspersky kaufland kayak keenetic keepachangelog keepersecurity kentico keycdn
com: keystonejs kfc kia kick kickstarter kidoju kik kingston kinsta kitchenbowl kitware klarna klm klook knime knowledgebase ko-fi koajs
com: kobo kodak koenigsegg kofax komoot konghq kongregate kooapp kooora kotaku koyeb krafton ktm kuaishou kueski kununu kx kyocera
com: labcenter lamborghini landofassets langchain laracasts laravel laravel-livewire lastpass latd latimes lavanguardia lbry
com: leagueoflegends leanpub leasehackr leetcode legacygames leica-camera lemonsqueezy lenovo lesswrong letgo letterboxd lg liberapay
com: librarything libretranslate lifehacker lifx lightburnsoftware lightshot linguee lining linkedin linkfire linkstackz linksys
com: linkvertise lintcode linuxmint lionairthai liquibase list-manage litiengine live livejournal livestream livid lloydsbank localwp
com: logmein looker loom lootcrate lospec lot lottiefiles lowes lucia-auth lufthansa lushstories lydia-app lyft m5stack macpaw macworld
com: macysinc magasins-u magicalmirai mahindra mail mailchimp mailgun mainwp make makerbot makeuseof malt malwarebytes mangacollec
com: mangaupdates mapbox mapillary maptiler marca mariadb marketwatch marriott marvelapp mashable masrawy mastercard materialdesignicons
com: mathembed matillion matterport mawdoo3 maxim maximumpc maytagcommerciallaundry mazda mcafee mcdonalds mclaren mdblist mdpi mdstrm
com: mediafire mediaroom mediatek medibangpaint medicalnewstoday medicalxpress medium meetup meilisearch meituan memrise mendeley
com: mentimeter mentorcruise mercadolibre mercadopago mercari mercedes-amg merck merriam-webster messenger meta metabase metacritic
com: metafilter meteoblue meteor mewe mezmo mi miamiherald microsoft microsoftonline microstrategy migadu mikrotik milanote milanuncios
com: milenio minds minepi minervaknows mini mintlify minutemailer miro mitsubishi mix mixcloud mixpanel mlb mlive mlssoccer mmorpg
com: mobypicture modal models-resource modrinth modx mojang mojeek momenteo monday moneygram mongodb monkey-tie monkeytype monster monzo
com: moo moodle moqups morningstar morrisons motherless mozilla msi msn mtv mubi multisim musescore musicboxmaniacs mybeweeg mydramalist
com: mygreatlearning myminifactory mynet myob myspace mysql mysqlexplain mystrikingly n11 n26 nairaland namchey namebright namecheap
com: namemc namesilo napster nascar nationalenquirer nationalgeographic nationalgrid native-instruments naturalatlas nature naver nba nbc
com: nbcnews ndtv needrom neetorecord neo4j neon nestjs netapp netflix netgear netim netlify netvibes newbalance newegg newgrounds
com: newrelic newrepublic newscientist newsweek newyorker nexon nextcloud nextdoor nexusmods nfl nginx ngrok nhl ni nicehash nicsell nike
com: nikkei nikon ninjakiwi nintendo nintendolife nitrotype nj nokia noon norco nordicsemi nordvpn norton norwegian note nowtv npmjs
com: nucleoapp nutanix nuxt nvidia nxp nydailynews nymag nypost nytimes nzxt obilet observablehq oceanbase octobercms octopus odoo odysee
com: offerup office offset okcupid okta omnystudio onedio onedrive onepeloton oneplus onestream onlyoffice onsizzle onstar oomol openai
com: opencagedata opencollective openfaas openshift opensooq opensource opentable opentext openzeppelin opera oppo opslevel oracle orange
com: oreilly origin origits ory osano oshkoshdefense otoy ottogroup oup ourdjtalk outdooractive outgress outlook over-blog overleaf ovh
com: ovhcloud owncloud oxygenbuilder oyorooms oz packtpub paddle paddypower padlet pagekit pagerduty palletsprojects paloalto
com: paloaltonetworks panasonic pandavideo pandodaily pandoraforbrands paperspace paperswithcode parade paradoxinteractive paramount
com: passbolt pastebin patreon paychex payhip payloadcms payoneer paypal paypal-corp paysafe paytm pcgamer pcgamingwiki pcloud pcmag
com: pcworld pdq peakdesign pearson pentesterlab people peoplestylewatch pepper pepperdeals perezhilton perfectdomain persistent personio
com: petsathome pexels phacility philips-hue phonepe phosphoricons photobucket photocrowd photonengine phpbb piaggiogroup picpay picsart
com: picturelfy picxy pimcore pinduoduo pingcap pingdom pingvp pinkbike pinpoll pinterest piolabs pioneerdj pitchhub pivotaltracker
com: pixabay pixdor pixlr planet planetscale plangrid platzi playcanvas playstation plesk plotly plume pluralsight plurk plusdocs
com: pocketcasts pocketstars podbean podcastaddict poe pokemonshowdown polarsteps politicker politico politifact polldaddy poly polygon
com: polywork pomerium pond5 pons popsci popularmechanics porsche portfolium posthog postiz postmates powerswhiskey pr0gramm preactjs
com: premierleague prepbytes prestashop prevention prezi primevideo printables privatedivision privateinternetaccess prnewswire processon
com: processwire producthunt progate progress promodescuentos promodj prosiebensat1 protondb protonmail proxmox psnprofiles
com: psychologytoday publons pulumi puma puppet purseblog pushbullet pusher qantas qatarairways qiita qiwi qlik qnap qq qualcomm qualtrics
com: qualys quantcast quantconnect quartr quest quizlet quora qwant qz r3 r7 rabbitmq radiopublic radix-ui rainyun rakuten rancher
com: rapidapi rapidshare rarible rasa raspberrypi rateyourmusic ravelry raycast razer razorpay rcvis readdc readme realclearpolitics
com: realmeye realtor reasonstudios redbubble redbull redcandlegames reddit redditinc redhat redragonshop redstate redwoodjs reebok
com: regex101 reka-ui releasewire religionnews remedygames renaultgroup render renfe renovatebot replicate replit rescuetime resend retool
com: reuters revealjs revenuecat reverbnation revolut rezgo ril rimac-automobili ring riotgames ripple ritzcarlton rivals roamresearch
com: robertsspaceindustries robinhood roblox roboflow rockettube rockstargames rockwellautomation roku rollbar rollingstone
com: rolls-roycemotorcars roonlabs roosterteeth rottentomatoes royalcams royalmail rstudio rt ruby-forums rumahweb rumble runescape
com: runkeeper runkit rustfs ryanair sabanci sage sagenverse sahibinden sailsjs salla samsclub samsung saooti sap sartorius sass-lang
com: satcat satoplayer saucelabs saudiatechnic sbnation scalar scaleway scania sci-news sciencedaily sciencedirect scientificamerican
com: scopus screen9 screencast screencastify screenr screwfix scribblemaps scribd scrimba scrutinizer-ci scylladb se seafile seagate
com: searchenginewatch seatgeek seattlepi seattletimes securityscorecard sedo seeklogo seetickets sellfy seloger semantic-ui semaphoreci
com: semrush sencha sendspace sendtonews sennheiser seoforum seriouseats servbay serverfault serverless sessionize setapp sfgate shadcn
com: sharepoint shazam shein shelly shitpostbot shopee shopify shopware shortcut shoudio showpad showwcase shutterstock sidefx sidequestvr
com: siemens sifive silverairways similarweb simkl simpleanalytics simplecast singaporeair singlestore sitecore sitepoint sketch sketchfab
com: sketchup skillshare skoda-connect sky skynewsarabia skype skysports slack slate slickpic slides slido smallpdf smart smartthings
com: smashingmagazine smashnotes smeme smoothcomp smrthi smugmug smugmughelp smule snapchat sncf sncf-connect snowflake socialblade
com: socialexplorer society6 sogou sohu solana solarnovus solidjs sololearn sonarsource sonatype songkick songlink songoda songsterr sonos
com: sony sooplive soriana soundcharts soundcloud sounds-resource souq southwest space spacehey spaceship spacex sparkfun sparkpost
com: speakerdeck speedrun speedypage spells8 splice splunk spoj spond sporcle sportingnews spotify spotlight spotlightr spreaker springer
com: spriters-resource sproutvideo sputniknews square-enix squarespace squareup ssl-images-amazon ssrn st stackbit stackblitz
com: stackexchange stackhawk stackoverflow staffbase standvirtual starbucks stardock starlingbank startpage startrek starz statamic
com: statista steamcommunity steamgames steampowered steelseries steem steemit stellantis stencyl stltoday stockx storyblok strava
com: streamable streamio streamlabs stripe stubhub studio3t style styled-components sublimetext substack sumup sun-sentinel suno suntimes
com: supercell supercrease supermicro superuser surfshark surveymonkey suse sutori svgtrace sway swiggy swiperjs swisscows swisstransfer
com: symbolab symfony symphony synology t-mobile tabelog tablecheck tacobell tado tailscale tailwindcss take2games talend talenthouse
com: tanstack taobao target tatasteel taxbuzz tbnweekly tcnewsnet tcs tealhq teamspeak teamtreehouse teamviewer techcrunch techmeme
com: technologyreview techpostcast techradar techreport techspot ted teenvogue teespring tehrantimes telefonica telegram temu tennis tenor
com: teratail termius tesco tesla testing-library testrail textpattern thangs theactigraph theatlantic theatlanticwire theautochannel
com: theboot thebostonchannel thebusinessjournal thecarconnection thecitizen theconversation thecrimson thecypresstimes thedailybeast
com: thedailyfairfield thedailyfix thedailyjournal thedailynewsegypt thedailypage thedailyreporter thedailyreview thedailysound
com: thedailystar thedailytimes thedailyworld thedamconsultants thefrisky thegameawards theguardian thehill thehindu theinsider themighty
com: thenorthface thenounproject theodinproject thesaurus thestorygraph thestreet thetileapp thetrainline theverge theysaidso thingiverse
com: thirdweb threadless thumbtack tiangolo tickcounter ticketmaster ticketswap tickettailor ticktick tidal tiddlywiki tiendanube
com: tietoevry tiktok time timescale tindie tinkercad tinyletter tistory tmall tmz tnaflix today toggl tollgroup tomorrowland tomtom
com: tonicaudio toornament topcoder topgear topspeed toptal toradex totango totvs tourboxtech toutiao townhall toyota tp-link tplinkcloud
com: tradera tradingview trailforks trainerroad trainline traktrain transfermarkt transifex travis-ci traxsource trello trendmicro
com: trendyol trenitalia tresorit tricentis trimble trip tripadvisor trivago trmnl trthaber truenas trulia trustedshops trustpilot trycli
com: tryhackme tumblr turbosquid turkishairlines tuta tuv tuxedocomputers tvtime twenty twimg twinkly twinmotion twitter typeform
com: typeracer typlog typo3 uber ubereats ubisoft ubuntu udacity udemy uefa ufc ui uipath ultimate-guitar ultimedia ultralytics umbraco
com: umbrel umfrageonline unacademy underarmour undertale unilever uniqlo united unity unrealengine unsplash unstop untappd upcloud uphold
com: upitup uplabs ups upstash upwork usatoday usebruno usefathom uservoice usmagazine usnews usps ustudio utorrent v2ex vaadin
com: valorantforums valvesoftware vanityfair variety vectary veeam vegascreativesoftware venturebeat vercel veritas verizondigitalmedia
com: vevo vexxhost vfairs vh1 viagogo viber vice victoriametrics victronenergy videfit vidmount vidyard vimeo vinted viostream viously
com: virgin virginatlantic virustotal visa vistaprint visual-paradigm visualstudio vivaldi vivawallet vive vivino vivo vizydrop vk vlipsy
com: volvocars vonage vouchfor vox voxsnap vrchat vtex vtlogo vuetifyjs vultr vw vyond w3schools wacom wakatime wallapop walletconnect
com: wallpapers walmart wantedlyinc wappalyzer warriorforum wasabi washingtonexaminer washingtonian washingtonindependent washingtonpost
com: washingtontechnology washingtontimes waterstones wattpad wayfair waze wazirx weasyl weather web3isgoinggreat webex webmd webtekno
com: webtoons wecandeo weibo welcometothejungle wellfound wellsfargo westernunion wetransfer wetter wewtalk what3words whatsapp when2meet
com: wheniwork whereby whimsical whosdatedwho widencollective wiggle wikia wikidot wikihow wiley winamp windsurf windy wipro wire wired
com: wireguard wirelesspowerconsortium wise wish wistia wix wizards wizzair wokwi wolfram wolframalpha wolframcloud wolt wondershare
com: woocommerce wordnik wordpress wordreference workspaceair wowhead wp wpastra wpengine wpexplorer wsj wyze x xbox xboxgamertag
com: xda-developers xero xiaohongshu xing xinhuanet xperi xsplit yahoo yalehome yamaha yandex ycombinator yelp yemeksepeti yeti
com: yiiframework yoast youhodler youku youm7 younow youpic youronlinechoices youtube ytimg yubico yumpu zalando zara zazzle zdnet zebpay
com: zebra zectrix zellepay zend zendesk zensar zerodha zerotier zettlr zhihu ziddu zilch zilliz zillow zingat zingsoft zippyshare zoho
com: zoiper zomato zorin zvab zyte
org: 42network 4chan acm actransit adblockplus adminer akniga albumoftheyear almalinux alphaxiv alpinelinux ap apache apachefriends
org: appimage archive archiveofourown archlinux artixlinux arxiv asciinema aseprite assemblyscript awesomewm b3log betterplace
org: bigbluebutton bioconductor bitbucket bitcoin bitcoincash bitsy blender bnbchain borgbackup boum brilliant c-span cakephp cambridge
org: cardano centos change chartjs checkio chocolatey circuitverse cirrus-ci civicrm cloudfoundry codeberg codeblocks codenewbie
org: coffeescript comptia concourse-ci contao contributor-covenant conventionalcommits coreboot correctiv coursera craigslist
org: creativecommons cryptohack cryptomator cryptpad crystal-lang csa-iot cssinjs ctan cyberdefenders dash date-fns dblp debian
org: decentraland devuan diasporafoundation discourse disroot doctrine-project documentcloud documentfoundation doi drupal duckdb eclipse
org: ecosia editorconfig edx electronjs elixir-lang eslint ethereum ethers every f-droid falco falconframework fedoraproject fidoalliance
org: firefly-iii firstinspires flathub flatpak flowhub fluentd fontforge formik fossil-scm fosstodon framadate framapiaf framatube
org: freebsdfoundation freecad freecodecamp freesound freshrss frontiersin fsharp geeksforgeeks gentoo geogebra geograph geopandas
org: getcomposer getgrav getmonero getsession ghost gnome gnu gnupg gocd godotengine golang gradle graphql graylog greenpeace gridsome
org: gutenberg hackersploit handshake haskell haxe hbr heritage hibernate hltv hyperskill hyprland icann ieee indieweb inkscape
org: interaction-design iota isc2 jabber jawafdehi jboss jellyfin join-lemmy joinfirefish joinmastodon joinpeertube joomla joplinapp jpeg
org: jquery jstor jupyter kali kamailio kde kdenlive kernel khanacademy khronos kicad kiwix krita kubuntu languagetool laragon laude
org: learningapps leo letsencrypt lichess limesurvey lineageos linphone linuxfoundation linuxfr litecoin-foundation llvm lpi lua luanti
org: mailbox manageiq manjaro mariadb marmiton matomo matrix mattermost mautic maven mayoclinic mercurial-scm metabrainz microbit mimikama
org: mingw-w64 miraheze mochajs modin moodle mozilla mqtt mxlinux myget nano nativescript near netbsd nette networkadvertising netzpolitik
org: nfc-forum nginx nim-lang nixos nobaraproject nodejs nodered notabug npr numpy ocaml oclc oecd omarchy openapis openbadges openbao
org: openbugbounty opencv opengameart openhab openjsf openmined openproject opensearch opensource openssl openstack openstreetmap opensuse
org: openwrt optuna orcid orgmode osgeo oshwa osm osmfoundation p5js packagist passportjs pbs pfsense phys pixelfed pkgsrc planetary
org: playstrategy plos podcastindex polymart postcss postgresql primefaces processingfoundation propublica pychess pydata pypi pypy python
org: python-poetry qemu qgis qiskit quarto r-project racket-lang raspberrypi rclone reactjs readthedocs recoiljs red-lang redmine renpy
org: rescript-lang riscv rollupjs root-me ros rotary ruby-lang rubygems rubyonrails rust-lang sabq sailfishos scala-lang science
org: sciencemag scrollrevealjs scrumalliance searxng semanticscholar sfml-dev sidekiq signal signalusers simpleicons slashdot snort
org: softcatala soliditylang sourcehut soylentnews spacemacs spdx spigotmc sqlite stellar strongswan suckless taichi-lang tangled telegram
org: tensorflow terraria themoviedb thenai thinkprogress ton torproject traccar travis-ci typescriptlang typestrong ubuntu-mate uml un
org: unesco unicef verdaccio videolan virtualbox voidlinux vuejs w3 webassembly webcomponents webcrumbs weblate webrtc weforum wikidata
org: wikimedia wikipedia wiktionary winehq wordpress wordpressfoundation xfce xrpl zaproxy zenodo zensical zfnd zotero
de: 11freunde 1und1 3sat 4players abgeordnetenwatch adac adidas airbnb aldi-nord aldi-sued alternate amazon apotheken-umschau
de: arbeitsagentur ard ardmediathek autoscout24 avm bahn barmenia bild blablacar bosch br buecher buhl bund bundesregierung bundestag bvg
de: caritas check24 chefkoch chip comdirect commerzbank computerbild congstar conrad cyberport datawrapper decathlon deutsche-bank
de: deutsche-rentenversicherung deutschepost deutschlandfunk dhl diakonie dkb dm doctolib dpd drk duden dwd eatsmarter ebay
de: ebay-kleinanzeigen edeka eintracht elster eventbrite eventim expedia flixbus focus fr fragdenstaat fraunhofer freelancermap freenet
de: fu-berlin galaxus gamestar geizhals geo glassdoor globus gls-pakete gmx golem google heise hellofresh hessenschau hlipp holidaycheck
de: hornbach hr hrs hu-berlin hugendubel idealo immobilienscout24 immonet immowelt indeed ing ionos jameda joyn justwatch kaufland kicker
de: kika kleinanzeigen komoot ksta lecker lidl lieferando linguee lmu markt mdr mediamarkt medimops merkur metager mindfactory mobile
de: momox monster mopo mpg mueller mydealz myhermes n-tv ndr nebenan netcup netdoktor netgear netto-online nextdoor nintendo
de: notebooksbilliger nuudel o2online obi otto payback penny pinterest planet-wissen postbank posteo prosieben quellensuche quoka rbb24
de: rebuy redlof-medien refurbed reservix rewe rki rossmann rp-online rtl rtl2 rwth-aachen saturn sky sparkasse spiegel sport1 sportschau
de: stepstone stern strato sueddeutsche swr t-online t3n tagesschau tagesspiegel taz tchncs telefonica telekom test thalia thw
de: ticketmaster ticketswap tierheimhelden toom traewelling transfermarkt tripadvisor tum uni-hamburg uni-heidelberg uni-koeln
de: united-internet verbraucherzentrale verivox vinted vodafone voelkner volksbank wahl-o-mat waz wdr web welt weltbild wetter
de: wetteronline wg-gesucht wikihow yelp zalando zdf zeit
io: addy aframe agora airbnb aircall angular appwrite ark aurelia backstage baserow beekeeperstudio bitrise blackfire bower brandpad
io: bricksbuilder brm bulma cachethq celero changedetection chef cloudron clueso cncf coda codecov codefactor codefresh codemagic
io: codementor codepen codersrank codesandbox conan coveralls crates cucumber cueup cypress dadan dgraph directus educative egghead egpu
io: element elementary elevenlabs enpass ente eraser eyrie fig file filestage flat flood fly formspree frontendmentor fueler fusionauth
io: gamemaker gatling getshow gitignore gitpod gohugo gong greenhouse hackaday hackmd hackster hexlet hexo hippovideo hive holopin
io: home-assistant honeybadger hydrogenaud icomoon infracost ionic itch itemis jenkins jestjs jitpack jwt k3s keeper keploy keras keybase
io: keymetrics kitsu kodular kubernetes labex livekit lmms localxpose loopback lvgl mailtrap marimo material meduza mega min mlh mstdn n8n
io: namebase neovim ngrx nhost nodemon nrwl opennebula overflow parta peerlist percy pnpm podman portainer prefect prismic prometheus
io: proto protocols pypa pyup qase qt radar raindrop redis roots rsocket saltproject scrapbox sentry showtheway simplelocalize simplelogin
io: snyk socket splits spring stackshare stagetimer statuspal strapi streamlit stryker-mutator subscribi sui swagger synthesia taipy tapas
io: tarteaucitron tetr thanos topmate traefik trueup unjs veed velog wago wails webdriver wicg zeplin
net: 8card airliners alarabiya aljazeera alliedmods alternativeto anichart ankiweb arc atlasos atlassian audiojungle autofrage avaloniaui
net: battle behance biqapp blockbench bohemia bookalope brandlogos bungie bunny chainflix chia clickbank codepoints construct
net: counter-strike cpanel csdn daum docdroid doubleclick ericsson esea eurogamer faz finanzfrage fivem furaffinity gandi gesundheitsfrage
net: gmx godaddy gutefrage happycow hashcat infojobs infoveave inquirer inspirehep interpals irc-galleria java jr-odekake jsfiddle juniper
net: korrespondent launchpad librewolf lubuntu maxon minecraft misskey-hub monogame motorradfrage mttr mullvad myanimelist nationstates
net: nextbike openid openvpn orchardcore pastery php pi-hole pixiv portswigger reisefrage researchgate reverso riseup roll20 roundcube
net: sbedit secureserver skyscanner slideshare sourceforge speedtest sportlerfrage steinberg sudomemo taringa tasso themeforest threads
net: thunderbird tweakers uitzendinggemist ukr unraid vectorworks vjudge voicemod webtrees windows zaim
ru: 2gis aeroflot auto aviasales avito baby babyblog cian citilink d3 dating dns-shop domclick drive2 drom dtf dzen fl gazeta google
ru: gosuslugi guns hh htmlacademy hunting igromania insideok irecommend iz kinopoisk kommersant kp kwork lada lenta liveinternet livelib
ru: mail mk moikrug mos mosmetro mvideo nalog narod nn novayagazeta ok opennet ozon php pikabu rambler rbc reg ria rutube rzd s7 sberbank
ru: spletnik sports superjob svidbook tass tbank timeweb tinkoff toster trashbox tutu vc vedomosti velomania vkontakte webmoney
ru: wildberries yandex
fr: 20minutes airfrance allocine amazon ameli auchan audiomeans blablacar caf castorama catholique cnrs cora decathlon doctolib ebay
fr: francetravail francetvinfo franprix free google iledefrance-mobilites laposte leaderprice leboncoin lefigaro lemonde leparisien
fr: lequipe leroymerlin liberation mamot mediapart monoprix orange ouest-france pap picard pole-emploi radiofrance ratp rfi rtm
fr: service-public sfr streamrunners tf1 u-pec univ-antilles univ-lemans univ-lille univ-paris1 veepee vinted
co.uk: amazon argos autotrader barclays bbc bigcommerce chupachups dailymail dailystar deliveroo ebay eventbrite express google guardian
co.uk: hsbc iceland independent iris itvmedia just-eat metro mg mirror nationalrail nationalrailguidelines next peugeot reed rightmove
co.uk: sainsburys scan spareroom standard telegraph theregister thesun thetimes ticketmaster vogue zalando zoopla
dev: 11ty alpinejs amp angular answer bit chainguard containrrr convex cssbattle daily expo flutter go graphite headlessui hotwire
dev: hotwired incredible knip lucide moonrepo nx pi pptr programming programmingly react refine reflex relay skypack snowpack sst
dev: substrate tldraw v0 v8 vizdom warp zenn
co: a analogue anilist audius convertio curated elastic ex exposure fazen g g2a go huggingface ifunny kenmei kit knowledgepad kuula lucid
co: mural novu odesli orbitvu posit pr slant standardresume supertop swapd tide tiled triller vero vsco xendit
it: amazon ansa clyp coggle corriere ebay fanpage gazzetta giallozafferano google idealista ilmeteo ilpost immobiliare inps italotreno
it: kahoot lastampa mediaset paginegialle plinth poste rai raiplay raiplaysound redd repl repubblica runrun scoop subito trovaprezzi
it: vinted
pl: allegro allegrolokalnie amazon bezuzyteczna ceneo filmweb gazeta google home inpost intercity interia jakdojade librus mbank olx onet
pl: otodom otomoto pepper pkp poczta-polska polsatnews pracuj rmf24 tvn24 vinted wp wyborcza wykop zabka znanylekarz zus
ai: beautiful claude coderabbit comma data demofly dify flower hash iterative kommodo kubit listenhub lmstudio meta mistral neptune newapi
ai: nextbillion openrouter perplexity pipecat qodo qwen supercut tencent trae trinityaudio typecast wandb
nl: 9292 ad ah amazon belastingdienst buienradar coolblue digid funda google juke klm knmi marktplaats nos npo nrc ns nu odido postnl
nl: rijksoverheid rtlnieuws telegraaf thuisbezorgd volkskrant ziggosport
tv: arte fite fubo gloria kodi nanoo nebula nightbot outplayed peertube periscope picarto plex shopshare techdigest telequebec tella trakt
tv: tubi twitch ustream veer vlive znipe
app: anniemusic bsky fluxer fooday getaegis gradio homey inkdrop karakeep kurozora linear listmonk ohdear organicmaps penpot picnic
app: railway revanced rive typst yaak
me: about abraia bento clockify kik line me myshows omniscope onelink paypal picrew player proton satellite tellonym tksn uid wizer
me: wp-rocket zalo
ch: 20min abuse anibis blick ethz homegate jobs nzz post ricardo sbb srf srgssr sunrise tagesanzeiger threema tkb tutti uzh zhdk
design: ant atlassian bukalapak chatbot gojek helpdesk iconify indeed klarna livechat medium mozilla n8n porkbun qq stackoverflow
design: teepublic wechat wise
cz: alza avizo bakalari bazar bazos chatujme csfd heureka idnes idos imgup jprodina mapy novinky sbazar seznam seznamzpravy webnode
gov: ca cdc fcc house irs loc nasa nih noaa nps privacyshield pubmed ssa usa usda usgs weather whitehouse
es: 20minutos abc amazon boe caixabank correos ebay elcorteingles eldiario elmundo fotocasa google redsys rtve seat seg-social vinted
com.br: abril amazon americanas autentique correios estadao google ifood ig magazineluiza mercadolivre nubank olx tecmundo terra uol
pt: abola continente cp ctt dn expresso fnac jn observador olx publico record rtp sapo worten
se: 1177 aftonbladet blocket dn expressen fontba haxx hemnet pepperdeals sj skatteverket svt swedbank topy tv4play
at: bergfex catbo derstandard geizhals hearthis karriere krone kurier oebb orf post preisjaeger willhaben
com.au: amazon foxsports foxtel google hivo hungryjacks news odds smh techworld thechronicle thedailygrind
jp: ameblo atcoder good-for-job hatenacorp mainichi mynavi naver nicovideo note prtimes roomshare shortnote
ca: amazon canada cbc dmoj ebox fizz globalnews google leslibraires nfb zoomable
cn: 12306 1panel chatglm codebuddy gamesci juejin modelscope moonshot testin thepaper weibo
com.tr: amazon cumhuriyet fanatik google hurriyet koc milliyet ntv passo sabah sozcu
sh: astral bun crumb helm kmdr ntfy patched platform ppy roadmap wagmi
co.jp: amazon ana excite google impress jal jrhokkaido rakuten yahoo yomiuri
edu: academia berkeley cornell harvard kit mit si stanford ucsb yale
be: 2dehands bpost hln nieuwsblad nmbs standaard tuxx vrt youtu
info: aboutads bauhaus bem knacki mamp mta rusfootball satsis steamdb
no: diskusjon finn kvinneguiden nb ndla nrk telenor vg yr
rs: breachsta docs iced lobste pola rocket starship tokio wgpu
to: 1337x 4pda amzn aniworld boosty dev listed piggy tether
eu: amzn bolt byzart europa europeanpaymentscouncil man netcup politico
fm: backtracks beams castbox dice last official overcast player
gg: guilded op qtpi rcd start top vlr wiki
social: bluesky bsky chaos mastodon mstdn pixelfed pleroma spyke
cc: arduino coinvote cryptologos dict justspin rushes tilda
com.cn: airchina cqc luogu people sina wegame zcool
dk: borger bornetube dba dr dsb skoletube tv2
google: about cloudskillsboost deepmind jules marketingplatform notebooklm safety
ie: aib honda nissan rte spreadshirt suzuki transportforireland
in: airtel amazon bbc cinny fampay goindigo headphonezone
kz: kaspi kolesa krisha nur olx tengrinews
ro: adevarul digi24 emag hotnews olx tarom
ua: monobank nv olx privatbank prom unian
video: 3q frigate ignite ilovecoco ndi wave
gov.uk: dvla hmrc metoffice tfl www
gr: in kathimerini news247 skroutz xe
chat: libera revolt rocket spectrum
cloud: balsamiq fuga mastodon netdata
gov.tr: meb mhrs ptt turkiye
hu: 444 index prog telex
tech: jhipster qdrant shadow turso
us: ebay getsol imageshack zoom
xyz: farcaster hacs mastodon pikasso
*: cam.ac.uk ox.ac.uk ucl.ac.uk quiz.biz quizz.biz risky.biz astro.build bazel.build electron.build kufar.by onliner.by tut.by
*: chedraui.com.mx eluniversal.com.mx mercadolibre.com.mx caddy.community choice.community nothing.community cnb.cool eagle.cool f3.cool
*: hs.fi tori.fi yle.fi e.foundation fantom.foundation icon.foundation ato.gov.au nla.gov.au service.gov.au bcb.gov.br planalto.gov.br
*: www.gov.br follow.is hyper.is hypothes.is bio.link chain.link magic.link ludus.one one.one shikimori.one glide.page pronouns.page
*: webnode.page affine.pro eventlive.pro visualbook.pro cfx.re nf-co.re stylesha.re loops.so notion.so plane.so breaker.audio fish.audio
*: hive.blog micro.blog kaskus.co.id lazada.co.id sooplive.co.kr tvcf.co.kr lanacion.com.ar mercadolibre.com.ar cointernet.com.co
*: movistar.com.co olx.com.eg vodafone.com.eg pravda.com.ua rozetka.com.ua buttondown.email kirim.email impots.gouv.fr legifrance.gouv.fr
*: gitter.im shelf.im juntos.live trovo.live 1drv.ms voip.ms ahram.org.eg alahram.org.eg activitypub.rocks pretzel.rocks gleam.run tio.run
*: image.sc prnt.sc jit.si nyaa.si noti.st suite.st cobalt.tools needle.tools js.wiki namu.wiki beatstars.world lemmy.world global.abb
*: solved.ac univie.ac.at freenet.ag graphite.art write.as viblo.asia skillbuilder.aws cracked.ax home.barclays remove.bg discord.bio
*: cline.bot status.cafe z.cash root.cern literal.club google.co.in stuff.co.nz vapor.codes jbzd.com.pl okaz.com.sa co-operative.coop
*: read.cv archivos.digital present.do ens.domains radiant.earth helenenglish.education levels.fyi icosa.gallery forms.gle sat.gob.mx
*: miit.gov.cn isro.gov.in agenziaentrate.gov.it sns24.gov.pt diia.gov.ua taichi.graphics hydron.holdings blogcast.host commodore.inc
*: mermaid.ink who.int global.jcb home.kred e.leclerc parse.ly warframe.market obsidian.md emby.media nopaste.ml fi.money mailchi.mp
*: carbon.music hatena.ne.jp abc.net.au trt.net.tr polkadot.network spri.ng mega.nz chroco.ooo nhk.or.jp paddlepaddle.org.cn
*: geograph.org.uk holdings.panasonic elcomercio.pe kuma.pet glass.photo booth.pm insomnia.rest absher.sa chronicle.security
*: moleculer.services nextra.site yadi.sk puri.sm flourish.studio primer.style just.systems drizzle.team polygon.technology
*: minesweeper.today d.tube design.tui parliament.uk admireme.vip antv.vision fb.watch effect.website frame.work buddy.works mongoose.ws
*: music.yandex vectorlogo.zone
`;
