-- Het logboek dataverwerkingen: welke persoonsgegevens wanneer, waarvoor en van
-- wie zijn verwerkt. Een betrokkene staat hier met een pseudoniem.
-- Staat hetzelfde in sqlite/ en postgres/; alleen de soorten kolommen verschillen.
CREATE TABLE verwerkingen (
    -- De volgorde van vastleggen; in die volgorde gaan de regels naar het logboek.
    nummer INTEGER PRIMARY KEY,
    trace TEXT NOT NULL,
    span TEXT NOT NULL,
    ouder TEXT,
    naam TEXT NOT NULL,
    soort TEXT NOT NULL,
    status TEXT NOT NULL,
    begonnen_op TIMESTAMP NOT NULL,
    geeindigd_op TIMESTAMP,
    activiteit TEXT NOT NULL,
    activiteit_uri TEXT NOT NULL,
    betrokkene TEXT,
    betrokkene_soort TEXT,
    aanroeper TEXT,
    zaak TEXT,
    bron TEXT,
    velden TEXT,
    rol TEXT,
    transactie TEXT,
    fout TEXT,
    -- Telt de wijzigingen: wat tijdens het bezorgen is aangevuld, gaat nog een keer.
    versie BIGINT NOT NULL DEFAULT 1,
    geleverd_op TIMESTAMP,
    -- Een regel die het logboek weigert, gaat later nog eens.
    geweigerd BIGINT NOT NULL DEFAULT 0,
    bezorgen_vanaf TIMESTAMP,
    CONSTRAINT verwerkingen_span UNIQUE (trace, span),
    CONSTRAINT verwerkingen_einde_check CHECK (geeindigd_op >= begonnen_op),
    CONSTRAINT verwerkingen_betrokkene_check CHECK ((betrokkene IS NULL) = (betrokkene_soort IS NULL))
);

CREATE INDEX verwerkingen_zaak ON verwerkingen (zaak) WHERE zaak IS NOT NULL;
CREATE INDEX verwerkingen_te_bezorgen ON verwerkingen (nummer) WHERE geleverd_op IS NULL;
CREATE INDEX verwerkingen_geleverd_op ON verwerkingen (geleverd_op) WHERE geleverd_op IS NOT NULL;

-- Wie de regels bezorgt: van alle processen hoogstens een tegelijk.
CREATE TABLE logboekbezorgers (
    naam TEXT PRIMARY KEY,
    houder TEXT NOT NULL,
    tot TIMESTAMP NOT NULL
);
