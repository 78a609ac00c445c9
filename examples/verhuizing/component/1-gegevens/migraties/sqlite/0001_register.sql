-- De tabellen van het register van dit component.

CREATE TABLE verhuizingen (
    id TEXT PRIMARY KEY,
    aangemaakt_op TIMESTAMP NOT NULL,
    gewijzigd_op TIMESTAMP NOT NULL,
    versie BIGINT NOT NULL,
    bsn TEXT NOT NULL,
    verhuisdatum TEXT NOT NULL,
    nieuw_adres TEXT NOT NULL,
    aantal_personen INTEGER NOT NULL CHECK (aantal_personen BETWEEN 1 AND 20),
    inwoning TEXT CHECK (inwoning IN ('ja', 'nee')),
    email TEXT,
    toelichting TEXT
);
CREATE INDEX verhuizingen_verhuisdatum_idx ON verhuizingen (verhuisdatum, id);
CREATE INDEX verhuizingen_inwoning_idx ON verhuizingen (inwoning, id);
