// The few functions of ICU that Cordée uses, under stable names: ICU renames its own with each version by macro
// (ucol_open → ucol_open_72), which Swift cannot import. And no type of ICU is in sight: Swift's Foundation carries
// a copy of ICU whose headers define the same names otherwise, so one program must not import both.
#ifndef CORDEE_ICU_H
#define CORDEE_ICU_H

#include <stdint.h>

typedef struct cordee_collator cordee_collator;

// A collator of a locale, or NULL. It normalizes: text that comes decomposed sorts as the composed one.
cordee_collator *cordee_collator_open(const char *locale);
void cordee_collator_close(cordee_collator *collator);
// Four bytes: keys of two versions must not be compared.
void cordee_collator_version(const cordee_collator *collator, uint8_t *version);
// The length of the key with its closing zero; more than `capacity` if it did not fit.
int32_t cordee_collator_sort_key(
    const cordee_collator *collator, const uint16_t *text, int32_t length, uint8_t *key, int32_t capacity);
// Canonical decomposition (NFD): the length needed, which may be more than `capacity`, or -1 on failure.
int32_t cordee_nfd(const uint16_t *text, int32_t length, uint16_t *out, int32_t capacity);

#endif
