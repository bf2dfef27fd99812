var params = JSON.parse(value), request = new HttpRequest(), url = params.url, key = params.key;
delete params.url;
delete params.key;
request.addHeader('Content-Type: application/json');
request.addHeader('X-API-KEY: ' + key);
var answer = request.post(url, JSON.stringify(params));
if (request.getStatus() != 202) {
    throw 'Serai answered ' + request.getStatus() + ': ' + answer;
}
return 'OK';
