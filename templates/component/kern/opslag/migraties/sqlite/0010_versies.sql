-- naast: elke vorige versie
-- Welke processen nu op deze database draaien, met de migraties die zij kennen.
-- Een migratie waar een vorige versie niet tegen kan, wacht tot die weg is. Wat
-- lang niet gezien is, telt niet mee.
-- Staat hetzelfde in sqlite/ en postgres/; alleen de soorten kolommen verschillen.
CREATE TABLE versies (
    id TEXT PRIMARY KEY,
    -- Van de machine of de pod, voor mensen.
    naam TEXT NOT NULL,
    migraties TEXT NOT NULL,
    gezien_op TIMESTAMP NOT NULL
);
