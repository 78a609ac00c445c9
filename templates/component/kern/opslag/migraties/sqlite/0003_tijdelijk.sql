-- Wat de lagen van dit component kort voor elkaar bewaren, zoals een sessie of een
-- half ingevuld formulier. Wat verlopen is, telt niet meer en wordt gewist.
-- Staat hetzelfde in sqlite/ en postgres/; alleen de soorten kolommen verschillen.
CREATE TABLE tijdelijk (
    soort TEXT NOT NULL,
    id TEXT NOT NULL,
    -- Van wie het is, met een pseudoniem.
    eigenaar TEXT NOT NULL,
    inhoud BLOB NOT NULL,
    verloopt_op TIMESTAMP NOT NULL,
    PRIMARY KEY (soort, id)
);

CREATE INDEX tijdelijk_verloopt_op ON tijdelijk (verloopt_op);
