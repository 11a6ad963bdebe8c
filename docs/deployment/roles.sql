-- Run once, as a superuser, before the first "preceptor db apply". The password comes from the environment.
\getenv password PRECEPTOR_DATABASE_PASSWORD
create role preceptor_app nologin;
create role preceptor_system nologin;
-- Owns the tables and nothing else: it is no superuser and makes no roles.
create role preceptor login password :'password';
grant preceptor_app, preceptor_system to preceptor;
create database preceptor owner preceptor;
