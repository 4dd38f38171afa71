/** Where a visitor's wishes for contrast, size and reading out are kept, for as long as they are here. */

export const PLACE = "vorzimmer.comfort";
