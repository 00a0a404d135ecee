"""Big cities that give no zone its name, under their zone: what creators type.

The IANA database names one city a zone, often not the one people live in. Spellings in the
creator's own language count as names too.
"""

BIG_CITIES = {
    "America/New_York": (
        "nyc, miami, boston, philadelphia, washington, atlanta, orlando, baltimore, "
        "charlotte, pittsburgh, cleveland, columbus, brooklyn, tampa, jacksonville, raleigh, "
        "buffalo, richmond, newark, washington dc, new jersey, florida"
    ),
    "America/Chicago": (
        "houston, dallas, austin, minneapolis, memphis, milwaukee, nashville, texas, san "
        "antonio, new orleans, kansas city, st louis, oklahoma city"
    ),
    "America/Denver": "salt lake city, albuquerque, colorado springs, el paso",
    "America/Phoenix": "tucson, arizona",
    "America/Los_Angeles": (
        "la, seattle, portland, sacramento, oakland, california, san francisco, san diego, "
        "san jose, las vegas, silicon valley, hollywood"
    ),
    "America/Toronto": "montreal, ottawa, quebec",
    "America/Edmonton": "calgary",
    "America/Mexico_City": "guadalajara, puebla, cdmx, ciudad de mexico",
    "America/Sao_Paulo": (
        "rio, rio de janeiro, brasilia, belo horizonte, curitiba, porto alegre, sampa"
    ),
    "America/Argentina/Buenos_Aires": "rosario, mar del plata, baires",
    "America/Bogota": "medellin, cali, barranquilla",
    "America/Guayaquil": "quito",
    "America/Santiago": "valparaiso, santiago de chile",
    "Europe/London": (
        "manchester, birmingham, liverpool, leeds, glasgow, edinburgh, bristol, cardiff, "
        "sheffield, nottingham, newcastle, londres, london"
    ),
    "Europe/Madrid": ("barcelona, valencia, sevilla, seville, zaragoza, malaga, bilbao, murcia"),
    "Europe/Lisbon": "porto, lisboa, braga",
    "Europe/Paris": "marseille, lyon, toulouse, nice, nantes, bordeaux, lille, strasbourg",
    "Europe/Berlin": (
        "munich, munchen, muenchen, hamburg, cologne, koln, koeln, frankfurt, stuttgart, "
        "dusseldorf, duesseldorf, leipzig, dresden, hannover, bremen, nuremberg, nurnberg"
    ),
    "Europe/Vienna": "wien, graz, salzburg, linz",
    "Europe/Zurich": "geneva, geneve, basel, bern, lausanne",
    "Europe/Rome": (
        "milan, milano, naples, napoli, turin, torino, florence, firenze, bologna, roma, "
        "palermo, venezia, venice"
    ),
    "Europe/Amsterdam": "rotterdam, the hague, den haag, utrecht, eindhoven",
    "Europe/Brussels": "antwerp, ghent, bruxelles, antwerpen",
    "Europe/Warsaw": "krakow, wroclaw, gdansk, poznan, lodz, warszawa",
    "Europe/Prague": "praha, brno",
    "Europe/Athens": "thessaloniki, athina",
    "Europe/Stockholm": "gothenburg, goteborg, malmo",
    "Europe/Kyiv": "kharkiv, odesa, odessa, lviv, dnipro, киев, київ, львів",
    "Europe/Moscow": (
        "москва, saint petersburg, st petersburg, санкт петербург, питер, kazan, казань, "
        "sochi, сочи"
    ),
    "Asia/Yekaterinburg": "екатеринбург, chelyabinsk, perm",
    "Asia/Novosibirsk": "новосибирск",
    "Europe/Minsk": "минск",
    "Asia/Almaty": "алматы, astana, астана",
    "Europe/Istanbul": "ankara, izmir, antalya, bursa",
    "Asia/Dubai": "abu dhabi, sharjah",
    "Asia/Riyadh": "jeddah, mecca, medina, dammam",
    "Asia/Karachi": "lahore, islamabad, rawalpindi, faisalabad",
    "Asia/Kolkata": (
        "mumbai, bombay, delhi, bangalore, bengaluru, chennai, hyderabad, pune, ahmedabad, "
        "jaipur, lucknow, surat, kanpur, india, new delhi"
    ),
    "Asia/Shanghai": ("beijing, shenzhen, guangzhou, chengdu, wuhan, hangzhou, tianjin, nanjing"),
    "Asia/Tokyo": "osaka, kyoto, yokohama, nagoya, sapporo, fukuoka, kobe",
    "Asia/Seoul": "busan, incheon, daegu",
    "Asia/Ho_Chi_Minh": "hanoi, ha noi, da nang, saigon",
    "Asia/Jakarta": "bandung, surabaya, medan, semarang, yogyakarta",
    "Asia/Makassar": "bali, denpasar",
    "Asia/Bangkok": "chiang mai, phuket, pattaya",
    "Asia/Kuala_Lumpur": "kl, johor bahru, penang, george town",
    "Asia/Manila": "quezon city, cebu, davao",
    "Australia/Sydney": "canberra, newcastle australia, wollongong",
    "Australia/Brisbane": "gold coast, cairns",
    "Pacific/Auckland": "wellington, christchurch",
    "Africa/Johannesburg": "cape town, durban, pretoria",
    "Africa/Lagos": "abuja, kano, ibadan, port harcourt",
    "Africa/Nairobi": "mombasa",
    "Africa/Cairo": "alexandria, giza",
    "Africa/Casablanca": "rabat, marrakesh, marrakech, fes",
}
"""Each zone with its cities, commas between."""
