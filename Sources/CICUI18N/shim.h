// Nothing of ICU is shown to Swift: this target only brings the flags of pkg-config. See CICU.
