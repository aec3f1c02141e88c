/** How anyone checks a receipt with tools of their own: shown on `/verify`, and run by its test. */
import { paths } from '#src/routes.ts';

/**
 * Takes the key that the JWS names out of our JWKS, puts it into the frame of RFC 8410, and compares with OpenSSL 3. Needs curl,
 * jq, basenc (GNU coreutils) and openssl.
 */
export function opensslCommands(issuer: string): string {
  return `IFS=. read -r head body tail < receipt.jws
b64() { printf '%s' "$1$(printf '%*s' $(((4 - \${#1} % 4) % 4)) '' | tr ' ' =)" | basenc --base64url -d; }
kid=$(b64 "$head" | jq -r .kid)
x=$(curl -s ${issuer}${paths.receiptKeys()} | jq -r --arg kid "$kid" '.keys[] | select(.kid == $kid).x')
{ printf '\\060\\052\\060\\005\\006\\003\\053\\145\\160\\003\\041\\000'; b64 "$x"; } > key.der
b64 "$tail" > signature
printf '%s' "$head.$body" > signed
openssl pkeyutl -verify -pubin -inkey key.der -keyform DER -rawin -in signed -sigfile signature`;
}

/** After the above: what the receipt says. */
export const showCommand = 'b64 "$body" | jq .';
