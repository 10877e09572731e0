import { readFileSync, writeFileSync } from 'node:fs'
import { inspect } from 'node:util'
import { KubeConfig } from '@kubernetes/client-node'
import { Agent } from 'undici'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { SharedCredentials } from './credentials.ts'
import {
  type Handler,
  answerList,
  execPlugin,
  failureOf,
  kubeConfigFor,
  podList,
  read,
  serve,
  temporaryFile,
  transportTo,
} from './loopback.test-support.ts'

function allowOnly(token: string): Handler {
  return (request, response) => {
    response.statusCode = request.headers.authorization === `Bearer ${token}` ? 200 : 401
    response.setHeader('content-type', 'application/json')
    response.end('{}')
  }
}

function runsOf(log: string): number {
  return readFileSync(log, 'utf8').split('\n').length - 1
}

describe('the credentials of a request', () => {
  test('are the token of the user', async () => {
    const server = await serve(answerList)
    await read(transportTo(kubeConfigFor({ server: server.url, user: { token: 'abc' } })))
    expect(server.requests[0]?.headers.authorization).toBe('Bearer abc')
  })

  test('are name and password as Basic', async () => {
    const server = await serve(answerList)
    await read(transportTo(kubeConfigFor({ server: server.url, user: { username: 'u', password: 'p' } })))
    expect(server.requests[0]?.headers.authorization).toBe(`Basic ${Buffer.from('u:p').toString('base64')}`)
  })

  test('have the user to impersonate', async () => {
    const server = await serve(answerList)
    await read(transportTo(kubeConfigFor({ server: server.url, user: { token: 'abc', impersonateUser: 'jane' } })))
    expect(server.requests[0]?.headers['impersonate-user']).toBe('jane')
  })

  test('are read from a token file, whose last line break is dropped, again and again', async () => {
    const server = await serve(answerList)
    const tokenFile = temporaryFile('token', 'one\n')
    const user = { authProvider: { name: 'tokenFile', config: { tokenFile } } }
    const transport = transportTo(kubeConfigFor({ server: server.url, user }))
    await read(transport)
    writeFileSync(tokenFile, 'two\n')
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 61_000 }) // client-node keeps a token for a minute
    onTestFinished(() => void vi.useRealTimers())
    await read(transport)
    expect(server.requests.map(({ headers }) => headers.authorization)).toEqual(['Bearer one', 'Bearer two'])
  })

  test('come from an exec plugin that runs once for requests at the same time', async () => {
    const server = await serve(answerList)
    const { exec, log } = execPlugin(`setTimeout(() => give({ token: 'made', expirationTimestamp: new Date(0) }), 50)`)
    const transport = transportTo(kubeConfigFor({ server: server.url, user: { exec } }))
    await Promise.all(Array.from({ length: 5 }, () => read(transport)))
    expect(runsOf(log)).toBe(1)
    expect(server.requests[4]?.headers.authorization).toBe('Bearer made')
    await read(transport)
    expect(runsOf(log)).toBe(2)
  })

  test('stay with the context that was current when the transport was made', async () => {
    const [one, other] = [await serve(answerList), await serve(answerList)]
    const kubeConfig = kubeConfigFor({ server: one.url, user: { token: 'abc' } })
    kubeConfig.addCluster({ name: 'other', server: other.url, skipTLSVerify: false })
    kubeConfig.addContext({ name: 'other', cluster: 'other', user: 'user' })
    const transport = transportTo(kubeConfig)
    kubeConfig.setCurrentContext('other')
    await read(transport)
    expect([one.requests.length, other.requests.length]).toEqual([1, 0])
  })

  test('are those of a kubeconfig that was loaded after the transport was made', async () => {
    const server = await serve(answerList)
    const kubeConfig = new KubeConfig()
    const transport = transportTo(kubeConfig)
    expect(inspect(transport)).toBe("Transport { server: 'none', closed: false }")
    kubeConfig.loadFromClusterAndUser(
      { name: 'c', server: server.url, skipTLSVerify: false },
      { name: 'u', token: 't' },
    )
    await read(transport)
    expect(server.requests[0]?.headers.authorization).toBe('Bearer t')
  })

  test('leave the kubeconfig as it was', async () => {
    const server = await serve(answerList)
    const kubeConfig = kubeConfigFor({ server: server.url, user: { token: 'abc' } })
    const [names, text] = [Object.getOwnPropertyNames(kubeConfig), kubeConfig.exportConfig()]
    await read(transportTo(kubeConfig))
    expect([Object.getOwnPropertyNames(kubeConfig), kubeConfig.exportConfig()]).toEqual([names, text])
  })
})

describe('after a 401', () => {
  test('a plugin whose bad token is cached runs again, and the request is sent once more', async () => {
    const server = await serve(allowOnly('token-2'))
    const { exec, log } = execPlugin("give({ token: 'token-' + runs })")
    const transport = transportTo(kubeConfigFor({ server: server.url, user: { exec } }))
    expect(await read(transport)).toBe('{}')
    expect(await read(transport)).toBe('{}')
    expect(runsOf(log)).toBe(2)
    expect(server.requests).toHaveLength(3)
  })

  test('requests that were refused together share one renewal', async () => {
    const server = await serve(allowOnly('token-2'))
    const { exec, log } = execPlugin("give({ token: 'token-' + runs })")
    const transport = transportTo(kubeConfigFor({ server: server.url, user: { exec } }))
    await Promise.all(Array.from({ length: 5 }, () => read(transport)))
    expect(runsOf(log)).toBe(2)
  })

  test('a second 401 is an ApiError', async () => {
    const server = await serve(allowOnly('other'))
    const transport = transportTo(kubeConfigFor({ server: server.url, user: { token: 'abc' } }))
    expect(await failureOf(transport.get(podList()))).toMatchObject({ code: 'ERR_UNAUTHORIZED', status: 401 })
    expect(server.requests).toHaveLength(2)
  })

  test('authenticators that the user added are kept', async () => {
    const server = await serve(allowOnly('custom-2'))
    const kubeConfig = kubeConfigFor({ server: server.url })
    let calls = 0
    kubeConfig.addAuthenticator({
      isAuthProvider: () => true,
      async applyAuthentication(_user, options) {
        options.headers = { ...options.headers, Authorization: `Bearer custom-${++calls}` }
      },
    })
    expect(await read(transportTo(kubeConfig))).toBe('{}')
  })
})

describe('credentials that fail', () => {
  const secrets = /hush|sesame/

  test.each([
    [
      'writes a secret to stderr and fails',
      "process.stderr.write('hush: sesame'); process.exitCode = 3",
      /exec plugin '\S+' failed: Error/,
    ],
    ['prints what is no JSON', "process.stdout.write('hush sesame')", /failed: SyntaxError/],
    ['prints JSON without a status', 'process.stdout.write(\'{"hush":"sesame"}\')', /failed: TypeError/],
  ])('because the plugin %s are ERR_CREDENTIALS without a secret', async (_title, script, message) => {
    const server = await serve(answerList)
    const { exec } = execPlugin(script)
    const transport = transportTo(kubeConfigFor({ server: server.url, user: { exec } }))
    const error = await failureOf(transport.get(podList()))
    expect(error).toMatchObject({ code: 'ERR_CREDENTIALS', retryable: true, message: expect.stringMatching(message) })
    expect(inspect(error, { depth: 10, showHidden: true })).not.toMatch(secrets)
  })

  test('because there is no such plugin say so, without its arguments', async () => {
    const exec = { command: '/nowhere/get-token', args: ['--password', 'sesame'] }
    const transport = transportTo(kubeConfigFor({ server: 'http://127.0.0.1:1', user: { exec } }))
    const error = await failureOf(transport.get(podList()))
    expect((error as Error).message).toMatch(/'get-token' failed: Error ENOENT spawn .*'\/nowhere\/get-token'/)
    expect(inspect(error, { depth: 10, showHidden: true })).not.toMatch(secrets)
  })

  test('because a file is missing name the file', async () => {
    const user = { authProvider: { name: 'tokenFile', config: { tokenFile: '/nowhere/token' } } }
    const transport = transportTo(kubeConfigFor({ server: 'http://127.0.0.1:1', user }))
    const error = await failureOf(transport.get(podList()))
    expect(error).toMatchObject({ message: "reading the token file failed: Error ENOENT open '/nowhere/token'" })
  })

  test('because a token has a line break inside do not show it', async () => {
    const transport = transportTo(kubeConfigFor({ server: 'http://127.0.0.1:1', user: { token: 'hush\nsesame' } }))
    const error = await failureOf(transport.get(podList()))
    expect(error).toMatchObject({ code: 'ERR_CREDENTIALS' })
    expect(inspect(error, { depth: 10, showHidden: true })).not.toMatch(secrets)
  })

  test('because nothing answers for two minutes are given up on', async () => {
    vi.useFakeTimers()
    onTestFinished(() => void vi.useRealTimers())
    const credentials = new SharedCredentials({
      getCurrentCluster: () => null,
      getCurrentUser: () => null,
      applySecurityAuthentication: () => new Promise<void>(() => {}),
    })
    const failure = failureOf(credentials.current())
    await vi.advanceTimersByTimeAsync(120_000)
    expect(await failure).toMatchObject({ code: 'ERR_CREDENTIALS', message: expect.stringContaining('two minutes') })
  })

  test('leave no timer behind when the transport is closed', async () => {
    vi.useFakeTimers()
    onTestFinished(() => void vi.useRealTimers())
    const credentials = new SharedCredentials({
      getCurrentCluster: () => null,
      getCurrentUser: () => null,
      applySecurityAuthentication: () => new Promise<void>(() => {}),
    })
    const failure = failureOf(credentials.current())
    credentials.close()
    await failure
    expect(vi.getTimerCount()).toBe(0)
  })
})

describe('a KubeConfig of another kind', () => {
  test('is called directly, and the first dispatcher it gives is used for all requests', async () => {
    const server = await serve(answerList)
    const agents: Agent[] = []
    onTestFinished(async () => void (await Promise.all(agents.map((agent) => agent.destroy()))))
    class Other {
      readonly #token = 'abc'
      getCurrentCluster = () => ({ server: server.url })
      getCurrentUser = () => null
      async applySecurityAuthentication(context: never) {
        const request = context as { setHeaderParam(n: string, v: string): void; setDispatcher(d: Agent): void }
        request.setHeaderParam('Authorization', `Bearer ${this.#token}`)
        agents.push(new Agent())
        request.setDispatcher(agents.at(-1)!)
      }
    }
    const transport = transportTo(new Other())
    for (let i = 0; i < 5; i++) await read(transport)
    expect(server.requests[4]?.headers.authorization).toBe('Bearer abc')
    expect(server.connections()).toBeLessThanOrEqual(2)
  })

  test('that is a client-node one with private fields is called directly too', async () => {
    const server = await serve(answerList)
    class Private extends KubeConfig {
      readonly #token = 'abc'
      override async applySecurityAuthentication(context: Parameters<KubeConfig['applySecurityAuthentication']>[0]) {
        context.setHeaderParam('Authorization', `Bearer ${this.#token}`)
      }
    }
    const kubeConfig = new Private()
    kubeConfig.loadFromClusterAndUser({ name: 'c', server: server.url, skipTLSVerify: false }, { name: 'u' })
    await read(transportTo(kubeConfig))
    expect(server.requests[0]?.headers.authorization).toBe('Bearer abc')
  })

  test('is asked once more after a 401', async () => {
    const server = await serve(allowOnly('2'))
    let calls = 0
    const kubeConfig = {
      getCurrentCluster: () => ({ server: server.url }),
      getCurrentUser: () => null,
      async applySecurityAuthentication(context: never) {
        const request = context as { setHeaderParam(n: string, v: string): void }
        request.setHeaderParam('Authorization', `Bearer ${++calls}`)
      },
    }
    expect(await read(transportTo(kubeConfig))).toBe('{}')
  })
})
