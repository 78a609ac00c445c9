@echo off
rem Start fieldlab vanaf deze stick of map: dubbelklik op dit bestand. Er is geen
rem beheerder nodig, en er verandert niets aan deze computer: het programma gaat naar
rem de eigen map voor tijdelijke bestanden, en de instellingen gelden alleen voor dit
rem venster.
rem
rem   start-windows.cmd                      een venster waarin go en fieldlab werken
rem   start-windows.cmd -- fieldlab doctor   alleen deze opdracht
setlocal EnableExtensions DisableDelayedExpansion

rem De punt staat er, omdat een map die op een \ eindigt het aanhalingsteken erna
rem zou opslokken.
set "BUNDEL=%~dp0."

set "SOORT=amd64"
if /i "%PROCESSOR_ARCHITECTURE%"=="ARM64" set "SOORT=arm64"
if /i "%PROCESSOR_ARCHITEW6432%"=="ARM64" set "SOORT=arm64"
set "BRON=%~dp0fieldlab\windows-%SOORT%\fieldlab.exe"
if not exist "%BRON%" goto geenbron

if not defined LOCALAPPDATA goto geenmap
set "DOEL=%LOCALAPPDATA%\fieldlab\start"
if not exist "%DOEL%\" mkdir "%DOEL%"
if not exist "%DOEL%\" goto geenmap

rem Van een stick mag vaak niets gestart worden. Vandaar een kopie. Is die van een
rem vorige keer nog bezig, dan krijgt deze een andere naam.
set "PROGRAMMA=%DOEL%\fieldlab.exe"
copy /b /y "%BRON%" "%PROGRAMMA%" >nul 2>nul
if not errorlevel 1 goto start
set "PROGRAMMA=%DOEL%\fieldlab-%RANDOM%.exe"
copy /b /y "%BRON%" "%PROGRAMMA%" >nul
if errorlevel 1 goto geenkopie

:start
"%PROGRAMMA%" bundle use "%BUNDEL%" %*
set "UITKOMST=%ERRORLEVEL%"
if not "%UITKOMST%"=="0" if "%~1"=="" pause
exit /b %UITKOMST%

:geenbron
echo In de bundel ontbreekt fieldlab voor Windows (%SOORT%). Vraag de trainer om een
echo volledige bundel.
goto mislukt

:geenmap
echo De eigen map voor tijdelijke bestanden is er niet of is niet te schrijven.
goto mislukt

:geenkopie
echo Het programma kan niet worden gekopieerd. Is de schijf vol, of houdt een
echo virusscanner het tegen?

:mislukt
pause
exit /b 1
