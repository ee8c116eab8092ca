"""What a Python user of TuShare does today, on the same answers. argv: way, API URL, table, days; BENCH_DATABASE."""
import json
import os
import sys
import time
import urllib.request

import pandas
import psycopg2
from psycopg2.extras import execute_values
from sqlalchemy import create_engine

way, api, table, *days = sys.argv[1:]
database = os.environ["BENCH_DATABASE"]


def fetch(day):
    body = json.dumps({"api_name": "daily", "token": "t", "params": {"trade_date": day}, "fields": ""}).encode()
    with urllib.request.urlopen(urllib.request.Request(api, body)) as answer:
        data = json.loads(answer.read())["data"]
    return pandas.DataFrame(data["items"], columns=data["fields"])


rows = 0
if way == "to_sql":
    engine = create_engine(database)
    engine.connect().close()
    began = time.monotonic()
    for day in days:
        frame = fetch(day)
        frame.to_sql(table, engine, if_exists="append", index=False)
        rows += len(frame)
else:
    connection = psycopg2.connect(database)
    began = time.monotonic()
    for day in days:
        frame = fetch(day)
        names = list(frame.columns)
        changed = ", ".join(f"{name} = excluded.{name}" for name in names[2:])
        with connection.cursor() as cursor:
            execute_values(
                cursor,
                f"INSERT INTO {table} ({', '.join(names)}) VALUES %s "
                f"ON CONFLICT (ts_code, trade_date) DO UPDATE SET {changed}",
                frame.itertuples(index=False, name=None),
                page_size=1000,
            )
        connection.commit()
        rows += len(frame)
print(json.dumps({"rows": rows, "seconds": time.monotonic() - began}))
