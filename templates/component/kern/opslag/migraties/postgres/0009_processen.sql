-- Onder welk proces een zaak begon. Een proces krijgt een nummer als het voor het
-- eerst wordt gezien, en blijft hier staan: een zaak van toen is er nog.
-- Staat hetzelfde in sqlite/ en postgres/; alleen de soorten kolommen verschillen.
CREATE TABLE procesdefinities (
    zaaktype TEXT NOT NULL,
    versie BIGINT NOT NULL,
    -- Waaraan hetzelfde proces te herkennen is: een som over stappen, pijlen,
    -- uitkomsten en rollen. De tekening en de titels tellen niet mee.
    kenmerk TEXT NOT NULL,
    bpmn TEXT NOT NULL,
    gezien_op TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (zaaktype, versie),
    CONSTRAINT procesdefinities_kenmerk UNIQUE (zaaktype, kenmerk)
);

-- Leeg: van voor deze migratie, en niet bekend.
ALTER TABLE zaken ADD COLUMN procesversie BIGINT;

-- De versie waarop een zaak tot het einde blijft; leeg als die het proces van nu volgt.
ALTER TABLE zaken ADD COLUMN blijft_op_versie BIGINT;

-- 'overgang' als een zaak hier kwam door een wijziging van het proces, en niet
-- doordat de stap ervoor klaar was.
ALTER TABLE statussen ADD COLUMN soort TEXT;
