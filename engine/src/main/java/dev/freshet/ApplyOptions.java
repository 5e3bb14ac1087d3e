package dev.freshet;

/// How [Freshet#plan] treats what the files do not say.
///
/// @param prune drop views that an earlier apply of these files made and that are gone from them
/// @param origin the directory or file that is applied: what `prune` may drop is what this applied
public record ApplyOptions(boolean prune, String origin) {
  public static ApplyOptions of(String origin) {
    return new ApplyOptions(false, origin);
  }
}
