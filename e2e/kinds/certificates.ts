/** A self-signed authority. Its key was thrown away: nothing here is a secret. */
export const CERTIFICATE: string = `\
-----BEGIN CERTIFICATE-----
MIIBiTCCAS+gAwIBAgIUIyqcDBmOt1BPHm2YNTS4SLEUe0IwCgYIKoZIzj0EAwIw
GTEXMBUGA1UEAwwOa3ViZWZsdW1lIHRlc3QwIBcNMjYxMTIyMDUzMjM0WhgPMjEy
NjEwMjkwNTMyMzRaMBkxFzAVBgNVBAMMDmt1YmVmbHVtZSB0ZXN0MFkwEwYHKoZI
zj0CAQYIKoZIzj0DAQcDQgAETPR4PgHSGp4JrIQgIuzjcf1HrArOUBAKbwS5Ku/P
/Q1x4I65dxXClIBAS0eJWx1c5lhIAnrWxv2L2qudo7xJb6NTMFEwHQYDVR0OBBYE
FKZMflsyuTFXvPhSqXfEZ2XZcCNzMB8GA1UdIwQYMBaAFKZMflsyuTFXvPhSqXfE
Z2XZcCNzMA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZIzj0EAwIDSAAwRQIgWqeDsReN
svY0puOM2M5K4oPZsaqi0m1cA3tpfoyBGGoCIQDeXkkP82lluFKIV/A0p4VHrDpU
ACeHn6Ubdw9Qjx37HA==
-----END CERTIFICATE-----
`

/** The same, as fields of type bytes have it. */
export const CERTIFICATE_BYTES: string = Buffer.from(CERTIFICATE).toString('base64')

/** A signing request in DER, as base64. */
export const SIGNING_REQUEST_DER: string =
  'MIHTMHsCAQAwGTEXMBUGA1UEAwwOa3ViZWZsdW1lIHRlc3QwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAATvtwnfVShf47ZT0D1560aqetMWuQSVWkX3NzfYjJny+QGR+Sl2u/tJ3shy9dHQv7qaSGnuO1qZ+nWzxXNhP1nVoAAwCgYIKoZIzj0EAwIDSAAwRQIgc+ddU9DVZMPTcFzT7cSt7hT6Pf2Ta5ul2TwHVgwesIUCIQCJXzBbGwn0dCXtX/IXu3UjzBDt+CaVimazPuJXVnbFzQ=='

/** In PEM, as base64 once more. */
export const SIGNING_REQUEST_BYTES: string = Buffer.from(
  `-----BEGIN CERTIFICATE REQUEST-----\n${SIGNING_REQUEST_DER}\n-----END CERTIFICATE REQUEST-----\n`,
).toString('base64')

/** A public key, and what proves to the server that its owner asked for this pod: the signature of the UID. */
export const POD_KEY: { readonly uid: string; readonly publicKey: string; readonly proof: string } = {
  uid: '6b1bd9a2-6a53-4cb0-9d0b-0d1c3f5a7e11',
  publicKey: 'MCowBQYDK2VwAyEAynV92Fs3qUC7TMWrpHbA7UF4Pe41u5MYFov9itV3GRk=',
  proof: '9PYF3xU1YTZpYUGpq0XVk4SbOjEr2dB78gV5noSn0yllJlDYT0e5aAj6ayTE7KHo/XrficajZdeloEz0PdjqCA==',
}
