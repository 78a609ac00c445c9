-- De tabellen van het register van dit component.

CREATE TABLE verhuizingen (
    id TEXT PRIMARY KEY,
    aangemaakt_op TIMESTAMPTZ NOT NULL,
    gewijzigd_op TIMESTAMPTZ NOT NULL,
    versie BIGINT NOT NULL,
    bsn TEXT NOT NULL,
    verhuisdatum DATE NOT NULL,
    nieuw_adres JSONB NOT NULL,
    aantal_personen BIGINT NOT NULL CHECK (aantal_personen BETWEEN 1 AND 20),
    inwoning TEXT CHECK (inwoning IN ('ja', 'nee')),
    email TEXT,
    toelichting TEXT
);
CREATE INDEX ON verhuizingen (verhuisdatum, id);
CREATE INDEX ON verhuizingen (inwoning, id);
