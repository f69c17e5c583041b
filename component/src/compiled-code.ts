import { enableCompileCache } from 'node:module'
import { join } from 'node:path'
import { privateFolder } from './private-folder.ts'

// Every question of a form is a process of its own. Node keeps what it has compiled for the next of them.
const folder = privateFolder()
if (folder !== undefined) enableCompileCache(join(folder, 'compiled'))
