/**
 * What two spellings of one name have in common: the same letters in another case or another encoding are the same name.
 *
 * @see Unicode UAX #15 (NFKC)
 */
export function nameKey(username: string): string {
  // Upper before lower case folds letters that have several small forms (ß, ς) into one.
  const folded = username.toWellFormed().normalize('NFKC').toUpperCase().toLowerCase();
  return folded.normalize('NFKC').trim();
}
