-- Inzage en correctie: wie een gegeven bekeek of verbeterde.
-- Staat hetzelfde in sqlite/ en postgres/; alleen de soorten kolommen verschillen.

-- Welke medewerker iets deed. Van iemand anders staat hier niets: wie de zaak
-- aanging, staat als betrokkene in de regel.
ALTER TABLE verwerkingen ADD COLUMN gebruiker TEXT;
ALTER TABLE verwerkingen ADD COLUMN gebruiker_naam TEXT;

-- Waarmee de regels over een persoon te vinden zijn. Een regel komt erin als hij
-- is bezorgd: wie een gegeven opvraagt wacht op de regel, en niet hierop.
CREATE INDEX verwerkingen_betrokkene ON verwerkingen (betrokkene) WHERE geleverd_op IS NOT NULL;

-- Dat de gegevens van een zaak zijn verbeterd, en waarom. Wat er stond en wat er
-- kwam te staan is hier niet te vinden: dat zou de fout bewaren.
CREATE TABLE correcties (
    id TEXT PRIMARY KEY,
    zaak TEXT NOT NULL REFERENCES zaken (id) ON DELETE CASCADE,
    gezet_op TIMESTAMP NOT NULL,
    gezet_door TEXT NOT NULL,
    rol TEXT NOT NULL,
    -- De namen van de velden, als lijst in JSON.
    velden TEXT NOT NULL,
    reden TEXT NOT NULL
);

CREATE INDEX correcties_zaak ON correcties (zaak);
