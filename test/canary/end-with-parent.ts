// Loaded into a hub before it starts: it stops when the test that started it is gone, however that ended.
process.stdin.on('end', () => process.kill(process.pid, 'SIGTERM'))
process.stdin.on('error', () => process.kill(process.pid, 'SIGTERM'))
process.stdin.resume()
process.on('SIGTERM', () => process.stdin.destroy())
