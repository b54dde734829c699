// Package disclosure decides what of a benchmark may leave the agency, and makes the release, the
// one frozen table that towns see. Disclose is the only door. It is pure, like bench, whose figures
// it redacts.
//
// # Two audiences
//
// Compute gives the agency every figure, live. Disclose makes the release, the
// one frozen table that towns see:
//
//   - Median and mean from 5 towns, quartiles from 12, minimum and maximum
//     never, scores in whole percent, figures in a unit as coarse as that, both cut and never
//     rounded. A question's n is a band.
//   - Of a question no figure where all its towns have the same value, or all but one no points or all
//     of them: that one could take itself off. The same for a section of one question; of other scores
//     no mean of 0 or 100 %. It must not follow from other figures either: what is left of a published
//     set without published ones inside it, in this release and in earlier ones, and of a published score
//     without its parts. So one more group, or one more question of the section, goes. The values of
//     towns that changed or withdrew since an earlier release are not looked at.
//   - A distribution over options, as shares in whole percent, only where at least two
//     options hold 3 towns each, and where what is left after subtracting a published distribution
//     from one that contains it would be such a distribution too.
//   - Sets of towns behind published figures of one node, in this release and
//     in earlier ones, differ by no town or by at least 5. What counts is the
//     set of each node, since questions that do not apply make it smaller. A
//     town whose assessment changed in between differs.
//   - What remains of a published whole without its known parts is nothing or
//     at least 5 towns, else the next smallest part goes too. The same holds
//     for unions of size classes against unions of districts, whose sums follow
//     from their means, and for what two releases differ by.
//   - What is suppressed for a total is suppressed for its sections, and for a
//     section's questions, from which it could be computed.
//   - A value shown under a town's name hides nobody and is not counted. Where
//     names would leave fewer than 5 towns unnamed in the whole, names yield.
//   - Newcomers wait until they are at least 5. If from 1 to 4 assessments were
//     changed or withdrawn, there is no corrected release.
//
// # Other rounds
//
// Towns carry their answers over, so most say the same in two rounds, and one release less the
// other would be the newcomer, or the one town that changed an answer. Everything towns have seen
// of other rounds of the checklist (Earlier) is therefore a view beside the release, as the round's
// own earlier releases are, and the differences, complements and names above hold against it too.
// What is out cannot be changed: it is the later release's figure, or its trend, that goes, with
// reason "complement".
//
//   - A town is the same in two rounds if it is in both sets and its value in the column did not
//     change (Between); else it is one they differ by. Values count, not answers.
//   - Columns correspond along the path between the versions: total and total; a section and the one
//     with the same id, or with most of its questions; a question and the one it carries over from, renamed,
//     with mapped options or split. A merged question and one whose meaning changed are new.
//   - Unions of size classes are compared with unions of districts across any two releases.
//   - A score's published parts must not tell the mean of the others if these changed in a few towns,
//     unless so many rounded means are taken together that it says nothing about one town.
//   - What cannot be compared fails closed: without a path a release counts as publishing everything about its
//     towns; a value that may or may not be the same (its assessment was corrected since; two
//     other rounds beside each other) counts as either, whichever tells more.
//   - Newcomers do not wait for another round's sake, and no number of changes is asked for.
//
// A release shows the change since the round before (Trend): means of the towns that both releases
// are made of. Then and now, this panel is one more set of each thing, and it yields to all others:
// with from 1 to 4 newcomers or leavers, whose scores would be the whole's less the panel's, there
// is no trend.
//
// Between two rounds the tests try every sum of published sets; over three, sums of many sets are
// not ruled out. Of more than sixteen views (mostViews) the oldest are only compared one by one.
// Rounds of another checklist, or of another agency that asks the same towns, are not looked at
// unless they are given.
//
// # What it does not promise
//
// But for the rule on equal values the rules look at sets of towns: a group of five whose mean
// is 98 % tells every score to within 10 points. A town that adds its own score to what it
// reads comes closer to the others of a group of five or six than an outsider
// does, and eight towns that do so together closer still (attack_test.go measures all three,
// pkg/DECISIONS.md says why the rules stay). The whole percents of a distribution over few
// options often fit only one n inside the band.
package disclosure
