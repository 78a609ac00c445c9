-- Bestanden die mensen meesturen. De inhoud staat in delen, zodat niemand een
-- heel bestand in het geheugen hoeft te houden.
-- Staat hetzelfde in sqlite/ en postgres/; alleen de soorten kolommen verschillen.
CREATE TABLE bestanden (
    id TEXT PRIMARY KEY,
    naam TEXT NOT NULL,
    mediatype TEXT NOT NULL,
    -- Leeg zolang het bestand nog binnenkomt; tot dan ziet niemand het.
    grootte BIGINT,
    som TEXT,
    -- Wie het stuurde, en waarmee een herhaling te herkennen is.
    eigenaar TEXT,
    sleutel TEXT,
    anoniem BOOLEAN NOT NULL,
    aangemaakt_op TIMESTAMPTZ NOT NULL,
    -- Een bestand hoort bij een rij, of het verloopt.
    tabel TEXT,
    rij TEXT,
    verloopt_op TIMESTAMPTZ,
    CONSTRAINT bestanden_gebonden_check CHECK ((tabel IS NULL) = (rij IS NULL) AND (rij IS NULL) = (verloopt_op IS NOT NULL))
);

CREATE INDEX bestanden_rij ON bestanden (rij) WHERE rij IS NOT NULL;
CREATE INDEX bestanden_verloopt_op ON bestanden (verloopt_op) WHERE verloopt_op IS NOT NULL;
CREATE INDEX bestanden_sleutel ON bestanden (sleutel) WHERE sleutel IS NOT NULL;

CREATE TABLE bestandsdelen (
    bestand TEXT NOT NULL REFERENCES bestanden (id) ON DELETE CASCADE,
    volgnummer BIGINT NOT NULL,
    inhoud BYTEA NOT NULL,
    PRIMARY KEY (bestand, volgnummer)
);

-- Hoeveel er zonder inloggen gestuurd is, per uur.
CREATE TABLE bestandstellingen (
    uur TIMESTAMPTZ PRIMARY KEY,
    aantal BIGINT NOT NULL
);
