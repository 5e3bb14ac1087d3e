package dev.freshet.compiler.emit;

import dev.freshet.compiler.Schema.ColumnType;
import dev.freshet.compiler.bind.Declined;
import dev.freshet.compiler.sql.Quote;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// How the stored rows of a key are found: by its columns, or by a hash of them where so many may
/// be NULL that no index on the columns serves.
record StoredKeys(List<Key> keys) {

  /// A column of the key.
  ///
  /// @param stored the column of the storage
  /// @param sought the column of a table of keys
  /// @param nullable both may be NULL
  record Key(ColumnType stored, ColumnType sought, boolean nullable) {
    private NullArms.Pair pair(String row, String key) {
      return new NullArms.Pair(
          row + "." + Quote.name(stored.name()),
          key + "." + Quote.name(sought.name()),
          sought.comparedWith(stored),
          nullable);
    }
  }

  /// The index for it; empty without a key. Declines what cannot be compared.
  Optional<StoredLookup> stored() {
    if (keys.isEmpty()) {
      return Optional.empty();
    }
    keys.stream()
        .map(Key::sought)
        .filter(type -> !type.hasEquality())
        .findFirst()
        .ifPresent(type -> {
          throw new Declined(
              "rows grouped by column %s of type %s, which has no equality"
                  .formatted(type.name(), type.type()));
        });
    String columns =
        keys.stream().map(key -> Quote.name(key.stored().name())).collect(Collectors.joining(", "));
    Stream<String> hashable =
        keys.stream()
            .map(Key::stored)
            .filter(ColumnType::hashable)
            .map(column -> Quote.name(column.name()));
    return Optional.of(
        new StoredLookup(isHashed() ? "(" + RowHash.of(hashable) + ")" : columns, columns));
  }

  /// Conditions of which a row fulfils at most one for a key.
  ///
  /// @param row the alias of stored rows
  /// @param key the alias of keys
  List<String> conditions(String row, String key) {
    List<NullArms.Pair> pairs = keys.stream().map(one -> one.pair(row, key)).toList();
    return isHashed()
        ? List.of(NullArms.same(pairs))
        : NullArms.of(pairs).stream().map(NullArms.Arm::both).toList();
  }

  private boolean isHashed() {
    return NullArms.areMany(keys.stream().filter(Key::nullable).count())
        && keys.stream()
            .allMatch(key -> key.sought().comparedWith(key.stored()).equals(key.sought()))
        && keys.stream().anyMatch(key -> key.stored().hashable());
  }
}
