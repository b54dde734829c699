// The script of every page. Each feature lives in a file of its own and finds its elements by data attributes;
// every page works without any of them.
import { startTheme } from './theme.js'
import { startMenus } from './menus.js'
import { startForms } from './forms.js'
import { startCopy } from './copy.js'
import { startAssessment } from './assessment.js'
import { startPick } from './pick.js'
import { startSubnav } from './subnav.js'
import { startSheets } from './sheet.js'
import { startDrawings } from './drawings.js'
import { startWorklist } from './worklist.js'

startTheme()
startMenus()
startForms()
startCopy()
startAssessment()
startPick()
startSubnav()
startSheets()
startDrawings()
startWorklist()
