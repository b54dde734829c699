// Package territory knows which municipalities an installation has and which of them an
// agency's region contains: import with a dry run, membership, look-up.
//
// A municipality exists once, by its AGS, whatever number of regions contain it. Reading
// files is the gazetteer's job; keeping rows the store's.
package territory
