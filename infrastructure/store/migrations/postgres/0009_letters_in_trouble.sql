-- Letters that did not go as they should, for the centre's list: few, and found without reading the others.
CREATE INDEX letter_troubled ON letter (slot, id)
    WHERE state IN ('refused', 'bounced', 'given_up', 'no_address') OR (attempts > 1 AND state IN ('waiting', 'going', 'unsure'));
