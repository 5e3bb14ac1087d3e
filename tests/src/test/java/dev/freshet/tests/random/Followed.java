package dev.freshet.tests.random;

import dev.freshet.Explanation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// An operator of a view as it was compiled, and how it follows changes.
///
/// @param parent the operator that takes its rows; `view` for the outermost
/// @param strategy as `explain` calls it, or [#READ_ANEW]
record Followed(String operator, String parent, String strategy) {
  private static final Pattern HEADLINE =
      Pattern.compile("( *)(\\S.*?): (algebra|affected keys|in full); .*");

  /// Below an operator that computes affected keys anew: the changes of this one tell which keys,
  /// and its rows of these keys are computed from the tables again. So joins and matches, whose
  /// changes are always found by algebra, are checked in the other way, too.
  static final String READ_ANEW = "read anew";

  private static final String AFFECTED_KEYS = "affected keys";

  /// What `explain` calls an operator begins so, or for matches ends so.
  private static final List<String> OPERATORS =
      List.of(
          "left join",
          "full join",
          "join",
          "filter",
          "projection",
          "union all",
          "aggregate of all rows",
          "distinct",
          "group by",
          "windows",
          "first",
          "intersect",
          "except",
          "the clock");

  private static final Pattern MATCH =
      Pattern.compile("rows of .*?(with a match|without a match|whether with a match) in .*");

  /// What a whole run must have met: every operator in every way in which it can follow changes,
  /// outermost and below others that make use of its changes. A filter below groups is part of the
  /// projection of what they need.
  static final List<Followed> EXPECTED =
      Stream.of(
              "group by | view | algebra",
              "group by | view | affected keys",
              "group by | projection | affected keys",
              "group by | left join | affected keys",
              "distinct | view | algebra",
              "distinct | view | affected keys",
              "aggregate of all rows | view | algebra",
              "aggregate of all rows | view | in full",
              "aggregate of all rows | join | in full",
              "join | view | algebra",
              "join | group by | algebra",
              "join | first | read anew",
              "join | union all | algebra",
              "left join | view | algebra",
              "left join | projection | algebra",
              "left join | projection | read anew",
              "full join | view | algebra",
              "full join | projection | read anew",
              "with a match | view | algebra",
              "with a match | projection | read anew",
              "without a match | view | algebra",
              "whether with a match | projection | algebra",
              "filter | view | algebra",
              "projection | view | algebra",
              "projection | group by | algebra",
              "union all | view | algebra",
              "union all | distinct | algebra",
              "windows | view | affected keys",
              "first | view | affected keys",
              "first | join | affected keys",
              "except | view | affected keys")
          .map(text -> text.split(" \\| ", -1))
          .map(parts -> new Followed(parts[0], parts[1], parts[2]))
          .toList();

  /// The operators of a view, as they are explained.
  static List<Followed> in(Explanation explanation) {
    List<String> lines =
        explanation.sections().stream()
            .filter(section -> section.title().equals("Incremental refresh"))
            .flatMap(section -> section.lines().stream())
            .toList();
    List<Followed> found = new ArrayList<>();
    List<Followed> above = new ArrayList<>(List.of(new Followed("view", "", "")));
    for (String line : lines) {
      Matcher headline = HEADLINE.matcher(line);
      Optional<String> operator = headline.matches() ? name(headline.group(2)) : Optional.empty();
      if (operator.isPresent()) {
        int depth = Math.min(headline.group(1).length() / 2 + 1, above.size());
        above.subList(depth, above.size()).clear();
        String parent = above.getLast().operator();
        if (above.stream().anyMatch(one -> one.strategy().equals(AFFECTED_KEYS))) {
          found.add(new Followed(operator.get(), parent, READ_ANEW));
        }
        above.add(new Followed(operator.get(), parent, headline.group(3)));
        found.add(above.getLast());
      }
    }
    return found.stream().distinct().toList();
  }

  private static Optional<String> name(String text) {
    Matcher match = MATCH.matcher(text);
    return match.matches()
        ? Optional.of(match.group(1))
        : OPERATORS.stream().filter(text::startsWith).findFirst();
  }

  @Override
  public String toString() {
    return "%s under %s by %s".formatted(operator, parent, strategy);
  }
}
