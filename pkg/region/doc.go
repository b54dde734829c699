// Package region knows municipalities, districts, size classes and the peer
// groups that follow from them. It is pure: no file, no clock, no database.
//
// A municipality exists once, by its AGS (Amtlicher Gemeindeschlüssel, eight
// digits). A Region is an agency's set of municipalities; several regions may
// contain the same municipality.
package region
