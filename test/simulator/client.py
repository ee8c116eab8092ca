"""The request of TuShare's official SDK (DataApi.query), for the simulator's test.

The SDK itself is on no registry we may use, so its request and its reading of the answer are written down here:
POST of {api_name, token, params, fields}, `code` and `msg` checked, `data.fields` and `data.items` made a table.
With requests and pandas (Debian: python3-requests, python3-pandas) it uses them as the SDK does; without them the
standard library stands in. Prints one line of JSON that says which were used.
"""
import json
import sys
import urllib.request

try:
    import requests
except ImportError:
    requests = None
try:
    import pandas
except ImportError:
    pandas = None

URL = sys.argv[1]
TOKEN = sys.argv[2]
TIMEOUT_SECONDS = 30


def post(body):
    if requests:
        res = requests.post(URL, json=body, timeout=TIMEOUT_SECONDS)
        if not res:
            raise Exception('falsy answer')
        return json.loads(res.text)
    request = urllib.request.Request(
        URL, data=json.dumps(body).encode('utf8'), headers={'Content-Type': 'application/json'}
    )
    with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as res:
        return json.loads(res.read().decode('utf8'))


def query(api_name, fields='', **kwargs):
    result = post({'api_name': api_name, 'token': TOKEN, 'params': kwargs, 'fields': fields})
    if result['code'] != 0:
        raise Exception(result['msg'])
    data = result['data']
    columns, items = data['fields'], data['items']
    if pandas:
        frame = pandas.DataFrame(items, columns=columns)
        return json.loads(frame.to_json(orient='records'))
    return [dict(zip(columns, item)) for item in items]


try:
    query('no_such_api')
    refused = None
except Exception as error:
    refused = str(error)

daily = query('daily', trade_date='20190102')
print(json.dumps({
    'requests': requests is not None,
    'pandas': pandas is not None,
    'stocks': len(query('stock_basic', list_status='L', fields='ts_code,name,list_status')),
    'open_days': len(query('trade_cal', exchange='SSE', start_date='20190101', end_date='20191231', is_open='1')),
    'daily': len(daily),
    'first': daily[0],
    'refused': refused,
}))
