/** Common words in German and English passwords. Lower case; longer words before the shorter ones they contain. */
export const commonWords = [
  '1234567890 123456 654321 0987654321',
  'qwertzuiop qwertyuiop asdfghjkl zxcvbnm yxcvbnm qwertz qwerty asdf qwer yxcv zxcv',
  'abcdefghijkl abcdefgh abcdef abcd',
  'kennwort passwort password passwd pass',
  'willkommen welcome hallo hello servus moin',
  'geheimnis geheim secret letmein changeme',
  'administrator admin benutzer user login gast guest root',
  'ichliebedich iloveyou schatzi schatz liebe love engel angel',
  'deutschland germany berlin hamburg muenchen münchen koeln köln frankfurt hanau',
  'fussball fußball football baseball bayern schalke borussia dortmund',
  'fruehling frühling sommer herbst winter spring summer autumn',
  'januar februar märz april juni juli august september oktober november dezember january february march may june july october december',
  'montag dienstag mittwoch donnerstag freitag samstag sonntag monday tuesday wednesday thursday friday saturday sunday',
  'superman batman starwars pokemon dragon monkey master shadow princess sunshine tiger',
  'computer internet windows office firma company',
  'jawort demo test',
]
  .join(' ')
  .split(' ');
