exports.f = ( => 1;
