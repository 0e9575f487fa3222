"""Why a word that might have named an act gave no coding. Each stage that lets one go says which of these it was."""

from __future__ import annotations

from enum import StrEnum


class Why(StrEnum):
    """What became of a word that could name an act."""

    CODED = "coded"
    NO_FRAME = "no_frame"  # the lexicon has no frame for the word
    MISFIT = "misfit"  # it has some, and none fits what stands beside the word
    NO_ACT = "no_act"  # the frame that fits names no act
    CONTENT = "content"  # what somebody demands, promises, disputes or is charged with
    CONDITION = "condition"
    PURPOSE = "purpose"
    DUTY = "duty"
    TOPIC = "topic"  # only spoken of, feared or dealt with
    DESCRIPTION = "description"  # says what an actor is, not what happened
    UNDONE = "undone"  # nothing is left of it under "not", "failed to", "stopped"
    MISHAP = "mishap"  # a thing acts for nobody
    NO_ACTOR = "no_actor"
    ONE_SIDE = "one_side"  # a noun tells of an act only if it names both sides
    TOLD_ONCE = "told_once"  # another word of the sentence tells the same act
    DOUBTFUL = "doubtful"  # told in passing, and more likely wrong than right
    OUTLET = "outlet"  # an outlet reports: that is attribution
    COMMENT = "comment"  # the author's own doings, or what he has "us" do
    NOBODY = "nobody"  # neither side is known, and no place of a deed
    REMARK = "remark"  # a statement that concerns nobody else
