-- Wat er bij een sleutel gevraagd werd, als vingerafdruk: dezelfde sleutel met een
-- andere inhoud is een vergissing, en krijgt niet het antwoord van de eerste keer.
-- Staat hetzelfde in sqlite/ en postgres/.
ALTER TABLE idempotentiesleutels ADD COLUMN vingerafdruk TEXT;
