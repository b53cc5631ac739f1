#include "cordee_icu.h"

#include <unicode/ucol.h>
#include <unicode/unorm2.h>

cordee_collator *cordee_collator_open(const char *locale) {
    UErrorCode status = U_ZERO_ERROR;
    UCollator *collator = ucol_open(locale, &status);
    if (U_FAILURE(status)) return NULL;
    ucol_setAttribute(collator, UCOL_NORMALIZATION_MODE, UCOL_ON, &status);
    if (U_FAILURE(status)) {
        ucol_close(collator);
        return NULL;
    }
    return (cordee_collator *)collator;
}

void cordee_collator_close(cordee_collator *collator) { ucol_close((UCollator *)collator); }

void cordee_collator_version(const cordee_collator *collator, uint8_t *version) {
    ucol_getVersion((const UCollator *)collator, version);
}

int32_t cordee_collator_sort_key(
    const cordee_collator *collator, const uint16_t *text, int32_t length, uint8_t *key, int32_t capacity) {
    return ucol_getSortKey((const UCollator *)collator, (const UChar *)text, length, key, capacity);
}

int32_t cordee_nfd(const uint16_t *text, int32_t length, uint16_t *out, int32_t capacity) {
    UErrorCode status = U_ZERO_ERROR;
    const UNormalizer2 *form = unorm2_getNFDInstance(&status);
    if (U_FAILURE(status)) return -1;
    int32_t count = unorm2_normalize(form, (const UChar *)text, length, (UChar *)out, capacity, &status);
    return status == U_BUFFER_OVERFLOW_ERROR || U_SUCCESS(status) ? count : -1;
}
