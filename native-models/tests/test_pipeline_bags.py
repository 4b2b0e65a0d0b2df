from pathlib import Path

import numpy as np
from synthetic import make_rows, write_matrix

from sluice_pipeline.bags import count_bags, read_words
from sluice_pipeline.frames import frame_of, read_frame
from sluice_trainer.estimators import SharedWordsEstimator

ROWS = make_rows(300, seed=3)
NAMES = [f"word{at}" for at in range(ROWS.counts["words"].shape[1])]


def test_the_bags_give_the_log_odds_of_the_model_that_is_trained() -> None:
    counts = ROWS.counts["words"]
    bags = count_bags(ROWS, NAMES)
    np.testing.assert_allclose(bags.log_odds(counts), SharedWordsEstimator(counts, ROWS.labels).margins(counts), atol=1e-4)


def test_the_bags_have_the_words_of_both_classes_alone_the_most_frequent_first() -> None:
    rows = make_rows(100, seed=4, features=6)
    counts = rows.counts["words"].toarray()
    counts[rows.labels == 1, 2] = 0
    counts[rows.labels == 0, 4] = 0
    rows.counts["words"] = type(rows.counts["words"])(counts)
    bags = count_bags(rows, NAMES)
    assert set(bags.words) == {"word0", "word1", "word3", "word5"}
    total = counts.sum(axis=0)
    assert bags.words == sorted(bags.words, key=lambda word: -total[int(word[4:])])
    share = counts[rows.labels == 1, 3].sum() / counts[rows.labels == 1].sum()
    np.testing.assert_allclose(bags.spam[bags.words.index("word3")], share)


def test_words_are_read_under_their_names_and_the_testing_part_is_not_counted(tmp_path: Path) -> None:
    write_matrix(tmp_path, ROWS, feature_set="bag-of-words-1")
    (tmp_path / "words.json").write_text(str(NAMES).replace("'", '"'))
    matrix, names = read_words(tmp_path, "bag-of-words")
    assert (len(matrix.train), len(matrix.test)) == (240, 60)
    assert [NAMES[at] for at in matrix.ids["words"]] == names
    assert count_bags(matrix.train, names).spam_share == float(np.mean(matrix.train.labels == 1))


def test_a_frame_has_a_row_of_numbers_for_each_message_and_is_read_as_it_was_written(tmp_path: Path) -> None:
    bags = count_bags(ROWS, NAMES)
    frame = frame_of(ROWS, bags, ["own"])
    np.testing.assert_array_equal(frame.words, np.asarray(ROWS.counts["words"].sum(axis=1)).ravel())
    assert frame.by_source() == [("own", int(ROWS.labels.sum()), int((ROWS.labels == 0).sum()))]
    frame.write(tmp_path / "frame.npz")
    again = read_frame(tmp_path / "frame.npz")
    for name in ("spam", "source", "words", "shared_words", "log_odds"):
        np.testing.assert_array_equal(getattr(again, name), getattr(frame, name))
